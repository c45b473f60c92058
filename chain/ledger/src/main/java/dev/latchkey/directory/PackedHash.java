package dev.latchkey.directory;

import dev.latchkey.bytes.Digest;

/** A hash that can be read word by word. */
interface PackedHash {
    /** One of four words, the first 8 bytes first. */
    long word(int index);

    /** Writes the 32 bytes to a place. */
    default void copyTo(byte[] target, int offset) {
        for (int i = 0; i < Words.PER_HASH; i++) {
            Words.write(word(i), target, offset + i * Long.BYTES);
        }
    }

    default Digest unpack() {
        return Digest.of(Words.bytes(word(0), word(1), word(2), word(3)));
    }
}
