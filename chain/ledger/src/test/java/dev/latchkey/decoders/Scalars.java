package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.security.SecureRandom;

/** Chance that is none: the n-th call gives the first bytes of SHA-256 of a text, a space and n, counted from 1. */
public final class Scalars extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final String text;
    private int calls;

    public Scalars(String text) {
        this.text = text;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        calls++;
        Bytes hash = Digest.sha256(Bytes.utf8(text + " " + calls)).bytes();
        System.arraycopy(hash.toArray(), 0, bytes, 0, bytes.length);
    }
}
