package dev.latchkey.gateway.inbox;

/**
 * A message with its place in a member's inbox.
 *
 * @param u its number there, rising from 1
 * @param message what waits
 */
public record WaitingMessage(long u, InboundMessage message) {}
