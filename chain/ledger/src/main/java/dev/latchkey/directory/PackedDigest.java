package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.nio.ByteBuffer;

/**
 * A digest in one object of 48 bytes instead of three of together 88: a directory of a million members holds some
 * three million. All fields are final, so it may be handed to another thread by a data race.
 */
final class PackedDigest {
    private final long a;
    private final long b;
    private final long c;
    private final long d;

    PackedDigest(Digest digest) {
        byte[] bytes = new byte[Digest.SIZE];
        digest.bytes().copyTo(bytes, 0);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        a = buffer.getLong();
        b = buffer.getLong();
        c = buffer.getLong();
        d = buffer.getLong();
    }

    Digest unpack() {
        byte[] bytes = new byte[Digest.SIZE];
        ByteBuffer.wrap(bytes).putLong(a).putLong(b).putLong(c).putLong(d);
        return Digest.of(Bytes.wrap(bytes));
    }

    /** As {@link DirectoryPath#bit}. */
    boolean bit(int index) {
        return (word(index >>> 6) << (index & 63)) < 0;
    }

    /** As {@link DirectoryPath#sharedBits}. */
    int sharedBits(PackedDigest other) {
        for (int i = 0; i < 4; i++) {
            long difference = word(i) ^ other.word(i);
            if (difference != 0) {
                return i * Long.SIZE + Long.numberOfLeadingZeros(difference);
            }
        }
        return DirectoryPath.BITS;
    }

    boolean same(PackedDigest other) {
        return a == other.a && b == other.b && c == other.c && d == other.d;
    }

    private long word(int index) {
        return switch (index) {
            case 0 -> a;
            case 1 -> b;
            case 2 -> c;
            default -> d;
        };
    }
}
