package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.Arrays;
import java.util.Random;

/** Paths for tests: hashes as they are, and crowded ones that share long prefixes as an attacker would grind them. */
final class Paths {
    private Paths() {}

    static Digest random(Random random) {
        byte[] path = new byte[Digest.SIZE];
        random.nextBytes(path);
        return Digest.of(Bytes.wrap(path));
    }

    /** A path that differs from all ones or all zeros in a few bits. */
    static Digest crowded(Random random) {
        byte[] path = new byte[Digest.SIZE];
        int background = random.nextInt(4) == 0 ? 0xff : 0;
        Arrays.fill(path, (byte) background);
        for (int flips = random.nextInt(3); flips > 0; flips--) {
            int bit = random.nextBoolean() ? random.nextInt(12) : 244 + random.nextInt(12);
            path[bit >>> 3] ^= (byte) (0x80 >>> (bit & 7));
        }
        return Digest.of(Bytes.wrap(path));
    }

    static Digest flip(Digest path, int bit) {
        byte[] flipped = path.bytes().toArray();
        flipped[bit >>> 3] ^= (byte) (0x80 >>> (bit & 7));
        return Digest.of(Bytes.wrap(flipped));
    }
}
