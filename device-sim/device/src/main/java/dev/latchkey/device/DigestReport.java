package dev.latchkey.device;

import dev.latchkey.bytes.Digest;
import dev.latchkey.envelope.Confirmation;

/**
 * What a sender signed about its readings, held against what has arrived.
 *
 * @param chainName the chain that the sender is a member of
 * @param sender the member that signed
 * @param session the session that the readings are of
 * @param confirmation which readings, and what came of it
 */
public record DigestReport(String chainName, String sender, Digest session, Confirmation confirmation) {}
