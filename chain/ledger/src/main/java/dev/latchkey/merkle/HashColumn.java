package dev.latchkey.merkle;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.Arrays;

/**
 * A growing row of hashes, 32 bytes each. For one writer and many readers: a reader may ask for an index once it has
 * learnt, by a volatile read after the write of it, that it was appended. The first chunk grows by doubling, so that
 * a short row is small; later chunks are added whole, so that nothing large is ever copied.
 */
final class HashColumn {
    private static final int CHUNK_BITS = 10;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int FIRST = 4;

    /** Volatile, so that whoever sees a grown chunk also sees what was copied into it. */
    private volatile byte[][] chunks = {new byte[FIRST * Digest.SIZE]};

    private int size;

    /** Only for the writer. */
    void append(Digest hash) {
        int chunk = size >>> CHUNK_BITS;
        int offset = (size & (CHUNK - 1)) * Digest.SIZE;
        if (chunk == chunks.length) {
            byte[][] more = Arrays.copyOf(chunks, chunk + 1);
            more[chunk] = new byte[CHUNK * Digest.SIZE];
            chunks = more;
        } else if (offset == chunks[chunk].length) {
            chunks = new byte[][] {Arrays.copyOf(chunks[0], 2 * offset)};
        }
        hash.bytes().copyTo(chunks[chunk], offset);
        size = Math.addExact(size, 1);
    }

    Digest get(long index) {
        byte[] chunk = chunks[(int) (index >>> CHUNK_BITS)];
        int offset = (int) (index & (CHUNK - 1)) * Digest.SIZE;
        return Digest.of(Bytes.wrap(Arrays.copyOfRange(chunk, offset, offset + Digest.SIZE)));
    }
}
