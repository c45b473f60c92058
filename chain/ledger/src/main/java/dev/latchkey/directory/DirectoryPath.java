package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;

/** Where a name stands in the directory of a chain: SHA-256("latchkey/1/dir" || chain id || name). Stateless. */
public final class DirectoryPath {
    /** Number of bits of a path, and so the greatest depth of a tree. */
    public static final int BITS = Digest.SIZE * Byte.SIZE;

    private static final Bytes DOMAIN = Bytes.utf8("latchkey/1/dir");

    private DirectoryPath() {}

    /** The path of a name in the chain of this id. */
    public static Digest of(Digest chainId, String name) {
        return Digest.sha256(DOMAIN, chainId.bytes(), Bytes.utf8(name));
    }

    /** A bit of a path, counted from the most significant bit of its first byte: false is left. */
    static boolean bit(Digest path, int index) {
        return (path.bytes().get(index >>> 3) & 0x80 >>> (index & 7)) != 0;
    }

    /** The number of leading bits two paths share. */
    static int sharedBits(Digest a, Digest b) {
        for (int i = 0; i < Digest.SIZE; i++) {
            int difference = (a.bytes().get(i) ^ b.bytes().get(i)) & 0xff;
            if (difference != 0) {
                return i * Byte.SIZE + Integer.numberOfLeadingZeros(difference) - (Integer.SIZE - Byte.SIZE);
            }
        }
        return BITS;
    }
}
