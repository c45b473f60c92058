package dev.latchkey.device;

import dev.latchkey.bytes.Digest;

/**
 * A block that is of a chain, as far as the device's mode demands to know.
 *
 * @param height its height
 * @param hash its hash
 * @param timeMillis its header time
 */
record KnownBlock(long height, Digest hash, long timeMillis) {}
