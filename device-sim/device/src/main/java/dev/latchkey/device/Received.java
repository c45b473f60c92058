package dev.latchkey.device;

import dev.latchkey.bytes.Digest;
import dev.latchkey.envelope.Contents;
import java.time.Instant;

/**
 * A pack that was sealed to this device, opened and checked.
 *
 * @param sender the member that sealed it, as proved by the chain
 * @param session the session it came in
 * @param acceptedAt when the sender's gateway took it, by that gateway's clock
 * @param contents what it says
 */
public record Received(String sender, Digest session, Instant acceptedAt, Contents contents) {}
