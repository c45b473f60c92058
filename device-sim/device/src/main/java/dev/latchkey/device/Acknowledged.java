package dev.latchkey.device;

import dev.latchkey.bytes.Digest;

/**
 * A reading that the gateway has on its disk.
 *
 * @param recipient who it is sealed to
 * @param session the session it was sealed in
 * @param partialIv its number in the session
 * @param messageBytes length of the sealed reading
 * @param openerBytes length of the opener that went ahead of it, 0 if the session was open already
 */
public record Acknowledged(String recipient, Digest session, int partialIv, int messageBytes, int openerBytes) {}
