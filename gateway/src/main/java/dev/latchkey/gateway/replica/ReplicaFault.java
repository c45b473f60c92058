package dev.latchkey.gateway.replica;

/**
 * Why the replica stands still, or stood still last.
 *
 * @param height the height at which it happened
 * @param reason what was wrong, in one word or a few
 * @param atMillis when, milliseconds since 1970
 */
public record ReplicaFault(long height, String reason, long atMillis) {}
