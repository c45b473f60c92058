package dev.latchkey.gateway.store;

import dev.latchkey.bytes.Bytes;

/** Receives rows in the order of their keys. */
@FunctionalInterface
public interface Rows {
    /** One row; answers whether the next one is wanted. */
    boolean row(Bytes key, Bytes value);
}
