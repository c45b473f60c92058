package dev.latchkey.cloud.store;

import dev.latchkey.bytes.Bytes;
import java.nio.ByteBuffer;

/** Parts of keys. Stateless. Numbers are written so that the order of keys is the order of numbers. */
public final class Keys {
    private Keys() {}

    /** A number from 0 on, 8 bytes, most significant first. */
    public static Bytes number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a key's number is not negative");
        }
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /** The number that the last 8 bytes of a key are. */
    public static long lastNumber(Bytes key) {
        return numberAt(key, key.size() - Long.BYTES);
    }

    /** The number that the 8 bytes at an offset are. */
    public static long numberAt(Bytes key, int offset) {
        return ByteBuffer.wrap(key.slice(offset, offset + Long.BYTES).toArray()).getLong();
    }

    /**
     * A row that has its size.
     *
     * @throws StoreFault if it has another one, which only damage can bring about
     */
    public static Bytes sized(Bytes row, int size) {
        if (row.size() != size) {
            throw new StoreFault("a row of the store is damaged");
        }
        return row;
    }

    /** A key after all keys of that size. */
    public static Bytes end(int size) {
        byte[] key = new byte[size + 1];
        java.util.Arrays.fill(key, (byte) 0xff);
        return Bytes.wrap(key);
    }
}
