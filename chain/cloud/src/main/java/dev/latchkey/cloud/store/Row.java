package dev.latchkey.cloud.store;

import dev.latchkey.bytes.Bytes;

/**
 * One entry of a store. Immutable.
 *
 * @param key the key
 * @param value the value
 */
public record Row(Bytes key, Bytes value) {}
