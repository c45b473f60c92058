package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;

/**
 * A kid: the first 8 bytes of a key's COSE Key Thumbprint (RFC 9679, section 3, SHA-256).
 *
 * @param value 8 bytes
 */
public record KeyId(Bytes value) implements Comparable<KeyId> {
    /** Length of a kid in bytes. */
    public static final int SIZE = 8;

    public KeyId {
        if (value.size() != SIZE) {
            throw new IllegalArgumentException("a kid has 8 bytes");
        }
    }

    @Override
    public int compareTo(KeyId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toHex();
    }
}
