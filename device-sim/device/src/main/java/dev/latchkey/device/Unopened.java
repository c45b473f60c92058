package dev.latchkey.device;

import dev.latchkey.bytes.Digest;

/**
 * A message in the inbox that is not delivered: for this device's own counters, nobody else is told.
 *
 * @param sender the member that it came from, as the gateway says
 * @param session the session that it came in, as the gateway says
 * @param reason a fixed word, such as {@code malformed} or {@code unknown-session}
 */
public record Unopened(String sender, Digest session, String reason) {}
