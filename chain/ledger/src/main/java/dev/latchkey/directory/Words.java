package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Byte strings as rows of 64-bit words, big-endian, so that unsigned order and bits are those of the bytes. Stateless.
 */
public final class Words {
    /** Words of a SHA-256 hash. */
    public static final int PER_HASH = 4;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Words() {}

    /**
     * The words of a byte string.
     *
     * @throws IllegalArgumentException if its length is no multiple of 8
     */
    public static long[] of(Bytes bytes) {
        if (bytes.size() % Long.BYTES != 0) {
            throw new IllegalArgumentException("words have 8 bytes");
        }
        byte[] array = bytes.toArray();
        long[] words = new long[array.length / Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = read(array, i * Long.BYTES);
        }
        return words;
    }

    /** The bytes of words. */
    public static Bytes bytes(long... words) {
        byte[] array = new byte[words.length * Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            write(words[i], array, i * Long.BYTES);
        }
        return Bytes.wrap(array);
    }

    /** The word that stands at an offset. */
    public static long read(byte[] from, int offset) {
        return (long) WORD.get(from, offset);
    }

    /** Puts a word at an offset. */
    public static void write(long word, byte[] to, int offset) {
        WORD.set(to, offset, word);
    }

    /** A bit of a word, counted from the most significant. */
    static boolean bit(long word, int index) {
        return word << (index & 63) < 0;
    }
}
