package dev.latchkey.gateway.admin;

/**
 * Who comes to a gateway and what they bring.
 *
 * @param connections DTLS connections of devices
 * @param adminConnections DTLS connections of administrators
 * @param membersSeen members whose requests are counted
 * @param accepted openers, readings and digests of members that are on disk, since the start
 * @param rejected openers, readings and digests of members that were refused, since the start
 */
public record Traffic(long connections, long adminConnections, long membersSeen, long accepted, long rejected) {}
