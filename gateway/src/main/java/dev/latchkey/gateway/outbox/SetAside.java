package dev.latchkey.gateway.outbox;

/**
 * A message that the cloud refused.
 *
 * @param sequence its number in the outbox
 * @param code why, in the cloud's word
 * @param message what was refused
 */
public record SetAside(long sequence, String code, OutboundMessage message) {}
