package dev.latchkey.gateway.store;

import dev.latchkey.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds a row's key part by part; not thread-safe. Numbers are eight bytes, big-endian, so that rows stand in numeric
 * order; a name ends with a zero byte, which no name contains, so that one name's rows never mix with another's.
 */
public final class Key {
    private byte[] bytes = new byte[64];
    private int size;

    private Key() {}

    public static Key start() {
        return new Key();
    }

    /** A key that is one number, 0 or more. */
    public static Bytes of(long number) {
        return start().number(number).end();
    }

    /** A key that is one name. */
    public static Bytes of(String name) {
        return start().name(name).end();
    }

    public Key name(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        append(text);
        return octet(0);
    }

    public Key number(long number) {
        append(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        return this;
    }

    public Key octet(int octet) {
        append(new byte[] {(byte) octet});
        return this;
    }

    public Key bytes(Bytes part) {
        append(part.toArray());
        return this;
    }

    public Bytes end() {
        return Bytes.wrap(Arrays.copyOf(bytes, size));
    }

    /** The number that the last eight bytes of a key hold. */
    public static long lastNumber(Bytes key) {
        return ByteBuffer.wrap(key.toArray(), key.size() - Long.BYTES, Long.BYTES)
                .getLong();
    }

    private void append(byte[] part) {
        if (size + part.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + part.length));
        }
        System.arraycopy(part, 0, bytes, size, part.length);
        size += part.length;
    }
}
