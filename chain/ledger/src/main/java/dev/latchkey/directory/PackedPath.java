package dev.latchkey.directory;

import dev.latchkey.bytes.Digest;

/**
 * A path, in one object of 48 bytes instead of three of together 88. Immutable; all fields are final, so it may be handed
 * to another thread by a data race.
 */
class PackedPath {
    private final long a;
    private final long b;
    private final long c;
    private final long d;

    PackedPath(Digest digest) {
        byte[] bytes = new byte[Digest.SIZE];
        digest.bytes().copyTo(bytes, 0);
        a = Words.read(bytes, 0);
        b = Words.read(bytes, 8);
        c = Words.read(bytes, 16);
        d = Words.read(bytes, 24);
    }

    /** One of four words, the first 8 bytes first. */
    final long pathWord(int index) {
        return switch (index) {
            case 0 -> a;
            case 1 -> b;
            case 2 -> c;
            default -> d;
        };
    }

    final Digest path() {
        return Digest.of(Words.bytes(a, b, c, d));
    }

    final void copyPathTo(byte[] target, int offset) {
        Words.write(a, target, offset);
        Words.write(b, target, offset + 8);
        Words.write(c, target, offset + 16);
        Words.write(d, target, offset + 24);
    }

    /** As {@link DirectoryPath#bit}. */
    final boolean bit(int index) {
        return Words.bit(pathWord(index >>> 6), index);
    }

    /** As {@link DirectoryPath#sharedBits}. */
    final int sharedBits(PackedPath other) {
        for (int i = 0; i < Words.PER_HASH; i++) {
            long difference = pathWord(i) ^ other.pathWord(i);
            if (difference != 0) {
                return i * Long.SIZE + Long.numberOfLeadingZeros(difference);
            }
        }
        return DirectoryPath.BITS;
    }

    final boolean same(PackedPath other) {
        return a == other.a && b == other.b && c == other.c && d == other.d;
    }
}
