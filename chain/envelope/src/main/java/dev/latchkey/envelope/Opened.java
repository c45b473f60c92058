package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;

/**
 * A session that its author has just opened.
 *
 * @param opener what to send first, Content-Format 18
 * @param session what seals the author's readings after it
 * @param others what opens the readings that its recipients send in it
 */
public record Opened(Bytes opener, SendingSession session, ReceivingSession others) {}
