package dev.latchkey.cloud.http;

/**
 * Whose request something is, for the bounds that hold for one client. Immutable.
 *
 * @param id equal for equal clients: a key, or an address
 * @param known whether the client is somebody, and not only an address that sends
 */
public record Client(Object id, boolean known) {}
