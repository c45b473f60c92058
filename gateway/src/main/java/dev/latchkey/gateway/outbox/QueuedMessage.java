package dev.latchkey.gateway.outbox;

/**
 * A message with its place in the outbox.
 *
 * @param sequence its number, rising, never given twice within a store epoch
 * @param message what is to be sent
 */
public record QueuedMessage(long sequence, OutboundMessage message) {}
