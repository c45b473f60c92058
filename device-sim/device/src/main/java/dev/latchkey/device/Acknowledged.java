package dev.latchkey.device;

import dev.latchkey.bytes.Digest;

/**
 * A reading that was handed to the gateway, and whether that has it on its disk.
 *
 * @param recipient who it is sealed to
 * @param session the session it was sealed in
 * @param partialIv its number in the session
 * @param messageBytes length of the sealed reading
 * @param openerBytes length of the opener that went ahead of it, 0 if the session was open already
 * @param confirmed whether the gateway said that it has it; false only with {@link Delivery#BEST_EFFORT}, when nothing came
 */
public record Acknowledged(
        String recipient, Digest session, int partialIv, int messageBytes, int openerBytes, boolean confirmed) {}
