package dev.latchkey.cloud.raft;

/**
 * One member of a cluster. Immutable.
 *
 * @param id its name, which no other member ever had
 * @param address {@code host:port} at which the other members reach its log
 * @param api {@code host:port} of its HTTPS API
 * @param key its TLS key as text; the same key has the same text
 */
public record Member(String id, String address, String api, String key) {}
