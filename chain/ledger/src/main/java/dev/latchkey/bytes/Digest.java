package dev.latchkey.bytes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A SHA-256 hash, 32 bytes (FIPS 180-4); immutable and safe for use by many threads. */
public final class Digest implements Comparable<Digest> {
    /** Length of a hash in bytes. */
    public static final int SIZE = 32;

    /** 32 zero bytes: an empty child of the directory tree, the parent of block 0. */
    public static final Digest ZERO = new Digest(Bytes.wrap(new byte[SIZE]));

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Digest::sha256Engine);

    private final Bytes value;

    private Digest(Bytes value) {
        this.value = value;
    }

    /**
     * A hash computed elsewhere.
     *
     * @throws IllegalArgumentException if it is not 32 bytes long
     */
    public static Digest of(Bytes value) {
        if (value.size() != SIZE) {
            throw new IllegalArgumentException("a digest has 32 bytes");
        }
        return new Digest(value);
    }

    /** SHA-256 over the parts, one after the other. */
    public static Digest sha256(Bytes... parts) {
        MessageDigest engine = SHA_256.get();
        engine.reset();
        for (Bytes part : parts) {
            part.update(engine);
        }
        return new Digest(Bytes.wrap(engine.digest()));
    }

    /** SHA-256 over one prefix byte and two hashes: the inner node of every tree. */
    public static Digest node(byte prefix, Digest left, Digest right) {
        MessageDigest engine = SHA_256.get();
        engine.reset();
        engine.update(prefix);
        left.value.update(engine);
        right.value.update(engine);
        return new Digest(Bytes.wrap(engine.digest()));
    }

    public Bytes bytes() {
        return value;
    }

    public String toHex() {
        return value.toHex();
    }

    @Override
    public int compareTo(Digest other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest && value.equals(((Digest) other).value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return toHex();
    }

    private static MessageDigest sha256Engine() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
