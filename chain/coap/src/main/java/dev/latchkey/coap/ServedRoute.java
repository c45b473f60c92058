package dev.latchkey.coap;

/**
 * One method of one resource, as a server was told of it; immutable.
 *
 * @param path with variables in braces: "/k/{name}"
 * @param observable whether it may be observed (RFC 7641)
 * @param attributes what /.well-known/core says of it; hidden ones too are served
 */
public record ServedRoute(String path, Method method, boolean observable, LinkAttributes attributes) {}
