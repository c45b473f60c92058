package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.ledger.Header;
import java.math.BigInteger;

/**
 * The header of a Bitcoin block seen by our difficulty rule, which demands leading zero bits of a hash. Bitcoin hashes
 * twice, reads the hash as a little-endian number and demands that it be no greater than a target: as many leading zero
 * bits as the target has and, among hashes with exactly so many, none above it.
 *
 * @param hash the header's, most significant byte first
 * @param target the greatest hash allowed, as the header's own field states it
 */
record BitcoinHeader(Digest hash, Digest target) {
    private static final int SIZE = 80;
    private static final int BITS_AT = 72;
    private static final int MANTISSA_BYTES = 3;
    private static final int MANTISSA = 0x7fffff;
    private static final int SIGN = 0x800000;

    /** Reads the 80 bytes of a header: the target's compact form stands at offset 72, little-endian. */
    static BitcoinHeader read(Bytes raw) throws MalformedCaseException {
        if (raw.size() != SIZE) {
            throw new MalformedCaseException("header", "not 80 bytes");
        }
        Digest hash = Digest.sha256(Digest.sha256(raw).bytes());
        return new BitcoinHeader(Digest.of(reversed(hash.bytes())), target(raw));
    }

    boolean hasItsWork() {
        return Header.leadingZeroBits(hash) >= Header.leadingZeroBits(target) && hash.compareTo(target) <= 0;
    }

    /** Mantissa times 256 to the exponent less 3. */
    private static Digest target(Bytes raw) throws MalformedCaseException {
        int bits = 0;
        for (int i = Integer.BYTES - 1; i >= 0; i--) {
            bits = bits << Byte.SIZE | raw.get(BITS_AT + i) & 0xff;
        }
        int shift = Byte.SIZE * ((bits >>> (MANTISSA_BYTES * Byte.SIZE)) - MANTISSA_BYTES);
        BigInteger target = BigInteger.valueOf(bits & MANTISSA).shiftLeft(shift);
        if ((bits & SIGN) != 0 || target.signum() == 0 || target.bitLength() > Digest.SIZE * Byte.SIZE) {
            throw new MalformedCaseException("header", "its target is not from 1 to 2^256-1");
        }
        return Digest.of(bigEndian(target));
    }

    private static Bytes bigEndian(BigInteger number) {
        byte[] padded = new byte[Digest.SIZE];
        byte[] shortest = number.toByteArray();
        int from = Math.max(0, shortest.length - Digest.SIZE);
        System.arraycopy(shortest, from, padded, Digest.SIZE - (shortest.length - from), shortest.length - from);
        return Bytes.wrap(padded);
    }

    private static Bytes reversed(Bytes value) {
        byte[] reversed = new byte[value.size()];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = value.get(reversed.length - 1 - i);
        }
        return Bytes.wrap(reversed);
    }
}
