package dev.latchkey.directory;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 over packed hashes without objects in between: a tree of a million leaves is hashed in two and a half million
 * calls. One for each thread; never handed to another.
 */
final class HashEngine {
    private static final ThreadLocal<HashEngine> OF_THREAD = ThreadLocal.withInitial(HashEngine::new);
    private static final int HASH_BYTES = Words.PER_HASH * Long.BYTES;

    private final MessageDigest sha256;
    private final byte[] input = new byte[1 + 2 * HASH_BYTES];
    private final byte[] output = new byte[HASH_BYTES];

    private HashEngine() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static HashEngine ofThread() {
        return OF_THREAD.get();
    }

    /** H(tag || a || b); the result's words are read with {@link #word} before the next call. */
    void pair(byte tag, PackedHash a, PackedHash b) {
        input[0] = tag;
        a.copyTo(input, 1);
        b.copyTo(input, 1 + HASH_BYTES);
        sha256.update(input, 0, input.length);
        finish();
    }

    /** H(tag || path || H(value)). */
    void leaf(byte tag, PackedPath path, byte[] value) {
        sha256.update(value, 0, value.length);
        finish();
        input[0] = tag;
        path.copyPathTo(input, 1);
        System.arraycopy(output, 0, input, 1 + HASH_BYTES, HASH_BYTES);
        sha256.update(input, 0, input.length);
        finish();
    }

    long word(int index) {
        return Words.read(output, index * Long.BYTES);
    }

    private void finish() {
        try {
            sha256.digest(output, 0, HASH_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes are enough for SHA-256", e);
        }
    }
}
