package dev.latchkey.envelope;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-CCM-16-64-128: 128-bit key, 13-byte nonce, 8-byte tag, at most 65,535 bytes (RFC 9053, section 4.2; RFC 3610).
 * The JDK has no CCM but has AES in hardware, so this builds CCM from AES blocks. Safe for use by many threads.
 */
final class AesCcm {
    static final int KEY_SIZE = 16;
    static final int NONCE_SIZE = 13;
    static final int TAG_SIZE = 8;

    private static final int BLOCK = 16;
    private static final int MAX_SIZE = 0xffff;

    /** Longest additional data whose length takes two bytes (RFC 3610, section 2.2). */
    private static final int MAX_AAD_SIZE = 0xfeff;

    /** Additional data present, 8-byte tag, 2-byte length: 64 * 1 + 8 * (8 - 2) / 2 + (2 - 1). */
    private static final byte FLAGS = 64 + 8 * ((TAG_SIZE - 2) / 2) + 1;

    private static final byte COUNTER_FLAGS = 1;

    private static final ThreadLocal<Cipher> AES = ThreadLocal.withInitial(AesCcm::aesBlocks);

    private AesCcm() {}

    /** Ciphertext followed by the tag. */
    static byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        Cipher aes = keyed(key, nonce, aad, plaintext.length);
        byte[] sealed = Arrays.copyOf(plaintext, plaintext.length + TAG_SIZE);
        byte[] tag = mac(aes, nonce, aad, plaintext, plaintext.length);
        byte[] keystream = keystream(aes, nonce, plaintext.length);
        for (int i = 0; i < plaintext.length; i++) {
            sealed[i] ^= keystream[BLOCK + i];
        }
        for (int i = 0; i < TAG_SIZE; i++) {
            sealed[plaintext.length + i] = (byte) (tag[i] ^ keystream[i]);
        }
        return sealed;
    }

    /** The plaintext, or nothing if the tag is not right. */
    static Optional<byte[]> open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
        if (sealed.length < TAG_SIZE) {
            return Optional.empty();
        }
        int size = sealed.length - TAG_SIZE;
        Cipher aes = keyed(key, nonce, aad, size);
        byte[] keystream = keystream(aes, nonce, size);
        byte[] plaintext = Arrays.copyOf(sealed, size);
        for (int i = 0; i < size; i++) {
            plaintext[i] ^= keystream[BLOCK + i];
        }
        byte[] tag = Arrays.copyOf(mac(aes, nonce, aad, plaintext, size), TAG_SIZE);
        for (int i = 0; i < TAG_SIZE; i++) {
            tag[i] ^= keystream[i];
        }
        byte[] received = Arrays.copyOfRange(sealed, size, sealed.length);
        if (!MessageDigest.isEqual(tag, received)) {
            Arrays.fill(plaintext, (byte) 0);
            return Optional.empty();
        }
        return Optional.of(plaintext);
    }

    /** S_0, which hides the tag, and after it the blocks that hide the message (RFC 3610, section 2.3). */
    private static byte[] keystream(Cipher aes, byte[] nonce, int size) {
        byte[] counters = new byte[BLOCK * (1 + (size + BLOCK - 1) / BLOCK)];
        for (int block = 0; block * BLOCK < counters.length; block++) {
            int at = block * BLOCK;
            counters[at] = COUNTER_FLAGS;
            System.arraycopy(nonce, 0, counters, at + 1, NONCE_SIZE);
            counters[at + BLOCK - 2] = (byte) (block >> 8);
            counters[at + BLOCK - 1] = (byte) block;
        }
        encrypt(aes, counters, 0, counters.length, counters);
        return counters;
    }

    /** CBC-MAC over B_0, the additional data with its length, and the message (RFC 3610, section 2.2). */
    private static byte[] mac(Cipher aes, byte[] nonce, byte[] aad, byte[] message, int size) {
        byte[] chain = new byte[BLOCK];
        chain[0] = aad.length == 0 ? (byte) (FLAGS - 64) : FLAGS;
        System.arraycopy(nonce, 0, chain, 1, NONCE_SIZE);
        chain[BLOCK - 2] = (byte) (size >> 8);
        chain[BLOCK - 1] = (byte) size;
        encrypt(aes, chain, 0, BLOCK, chain);
        if (aad.length > 0) {
            byte[] lengthAndAad = new byte[2 + aad.length];
            lengthAndAad[0] = (byte) (aad.length >> 8);
            lengthAndAad[1] = (byte) aad.length;
            System.arraycopy(aad, 0, lengthAndAad, 2, aad.length);
            absorb(aes, chain, lengthAndAad, lengthAndAad.length);
        }
        absorb(aes, chain, message, size);
        return chain;
    }

    private static void absorb(Cipher aes, byte[] chain, byte[] data, int size) {
        for (int at = 0; at < size; at += BLOCK) {
            int end = Math.min(at + BLOCK, size);
            for (int i = at; i < end; i++) {
                chain[i - at] ^= data[i];
            }
            encrypt(aes, chain, 0, BLOCK, chain);
        }
    }

    /** Whether this cipher has lengths like these; {@code size} is the plaintext's. */
    static boolean hasSizes(int key, int nonce, int aad, int size) {
        return key == KEY_SIZE && nonce == NONCE_SIZE && aad <= MAX_AAD_SIZE && size <= MAX_SIZE;
    }

    private static Cipher keyed(byte[] key, byte[] nonce, byte[] aad, int size) {
        if (!hasSizes(key.length, nonce.length, aad.length, size)) {
            throw new IllegalArgumentException("a length that this cipher does not have");
        }
        try {
            Cipher aes = AES.get();
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            return aes;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES refused a key of 16 bytes", e);
        }
    }

    private static void encrypt(Cipher aes, byte[] in, int offset, int size, byte[] out) {
        try {
            aes.update(in, offset, size, out, offset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES refused whole blocks", e);
        }
    }

    private static Cipher aesBlocks() {
        try {
            return Cipher.getInstance("AES/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
    }
}
