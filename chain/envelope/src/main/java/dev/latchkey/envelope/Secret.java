package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import java.util.Arrays;

/**
 * Key material that can be erased; not for use by several threads. Erasing overwrites the array here; copies that a
 * cipher or a hash made while it worked are out of reach and live until the garbage collector reuses their memory.
 */
final class Secret {
    private final byte[] value;
    private boolean erased;

    private Secret(byte[] value) {
        this.value = value;
    }

    /** Takes a copy. */
    static Secret copyOf(Bytes value) {
        return new Secret(value.toArray());
    }

    /** Takes ownership of the array. */
    static Secret owning(byte[] value) {
        return new Secret(value);
    }

    int size() {
        return value.length;
    }

    /** A copy as a byte string, for a derivation or a file; the caller keeps it no longer than that. */
    Bytes reveal() {
        requireAlive();
        return Bytes.of(value);
    }

    /** The array itself: for a cipher, never to be kept. */
    byte[] array() {
        requireAlive();
        return value;
    }

    void erase() {
        Arrays.fill(value, (byte) 0);
        erased = true;
    }

    boolean isErased() {
        return erased;
    }

    private void requireAlive() {
        if (erased) {
            throw new IllegalStateException("an erased secret");
        }
    }

    @Override
    public String toString() {
        return "Secret";
    }
}
