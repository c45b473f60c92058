package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The y-coordinate of a compressed point of P-256 (SEC 1, section 2.3.4): a square root of x³ - 3x + b modulo p. Stateless.
 *
 * <p>Every key of every block is decompressed, since its kid is a hash that covers y. So this is written for speed, and as
 * public keys are no secrets, not for constant time. Numbers are five limbs of 52 bits in Montgomery form with R = 2^260.
 * As p = 2^256 - 2^224 + 2^192 + 2^96 - 1 ends in more than 52 ones, a step of the reduction takes shifts only. The product
 * of two numbers below 4p is below 2p, and a sum may leave its limbs a bit longer, so nothing is subtracted until the end.
 */
final class Decompression {
    private static final int LIMBS = 5;
    private static final int LIMB_BITS = 52;
    private static final int R_BITS = LIMBS * LIMB_BITS;
    private static final long MASK = (1L << LIMB_BITS) - 1;
    /** With both factors shifted up so far, bit 52 of their product is the first of its upper 64 bits. */
    private static final int UP = (Long.SIZE - LIMB_BITS) / 2;

    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);

    private static final long[] MODULUS = limbs(P);
    private static final long[] ONE = limbs(BigInteger.ONE);
    private static final long[] R_SQUARED =
            limbs(BigInteger.ONE.shiftLeft(2 * R_BITS).mod(P));
    private static final long[] MINUS_THREE =
            limbs(P.subtract(BigInteger.valueOf(3)).shiftLeft(R_BITS).mod(P));
    private static final long[] CURVE_B = limbs(B.shiftLeft(R_BITS).mod(P));

    private Decompression() {}

    /** The y of that parity, 32 bytes; none if x, 32 bytes, is not below p or no point of the curve has it. */
    static Optional<Bytes> y(Bytes x, boolean odd) {
        long[] plainX = limbs(x);
        if (compare(plainX, MODULUS) >= 0) {
            return Optional.empty();
        }
        long[] mx = product(plainX, R_SQUARED);
        long[] wanted = sum(product(sum(squared(mx, 1), MINUS_THREE), mx), CURVE_B);
        long[] root = root(wanted);
        if (!Arrays.equals(plain(squared(root, 1)), plain(wanted))) {
            return Optional.empty();
        }
        long[] y = plain(root);
        if ((y[0] & 1) == 1 != odd) {
            y = difference(MODULUS, y);
        }
        return Optional.of(bytes(y));
    }

    /** a to the power of (p + 1) / 4 = 2^254 - 2^222 + 2^190 + 2^94: a root of a, if a is a square. */
    private static long[] root(long[] a) {
        long[] ones = a;
        for (int bits = 1; bits < Integer.SIZE; bits *= 2) {
            ones = product(squared(ones, bits), ones); // the exponent is now 2 * bits ones
        }
        long[] power = product(squared(ones, 32), a);
        power = product(squared(power, 96), a);
        return squared(power, 94);
    }

    /** a · b / R modulo p. */
    private static long[] product(long[] a, long[] b) {
        long[] c = new long[2 * LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            for (int j = 0; j < LIMBS; j++) {
                c[i + j] += low(a[i] << UP, b[j] << UP);
                c[i + j + 1] += high(a[i] << UP, b[j] << UP);
            }
        }
        long[] reduced = new long[LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            long n = c[i] & MASK;
            c[i + 1] += (c[i] >> LIMB_BITS) + (n << 44 & MASK);
            c[i + 2] += n >>> 8;
            c[i + 3] += n << 36 & MASK;
            c[i + 4] += (Long.rotateRight(n, 16) & MASK) - (n << 16 & MASK);
            c[i + 5] += (n >>> 4) - (n >>> 36);
        }
        long carry = 0;
        for (int i = 0; i < LIMBS; i++) {
            long limb = c[LIMBS + i] + carry;
            reduced[i] = limb & MASK;
            carry = limb >> LIMB_BITS;
        }
        return reduced;
    }

    /** a squared so many times, each time divided by R. The same as {@link #product}, unrolled: nearly all time goes here. */
    private static long[] squared(long[] a, int times) {
        long a0 = a[0] << UP;
        long a1 = a[1] << UP;
        long a2 = a[2] << UP;
        long a3 = a[3] << UP;
        long a4 = a[4] << UP;
        for (int i = 0; i < times; i++) {
            long b0 = 2 * a0;
            long b1 = 2 * a1;
            long b2 = 2 * a2;
            long b3 = 2 * a3;
            long c0 = low(a0, a0);
            long c1 = high(a0, a0) + low(b0, a1);
            long c2 = high(b0, a1) + low(b0, a2) + low(a1, a1);
            long c3 = high(b0, a2) + high(a1, a1) + low(b0, a3) + low(b1, a2);
            long c4 = high(b0, a3) + high(b1, a2) + low(b0, a4) + low(b1, a3) + low(a2, a2);
            long c5 = high(b0, a4) + high(b1, a3) + high(a2, a2) + low(b1, a4) + low(b2, a3);
            long c6 = high(b1, a4) + high(b2, a3) + low(b2, a4) + low(a3, a3);
            long c7 = high(b2, a4) + high(a3, a3) + low(b3, a4);
            long c8 = high(b3, a4) + low(a4, a4);
            long c9 = high(a4, a4);

            long n = c0;
            c1 += n << 44 & MASK;
            c2 += n >>> 8;
            c3 += n << 36 & MASK;
            c4 += (Long.rotateRight(n, 16) & MASK) - (n << 16 & MASK);
            c5 += (n >>> 4) - (n >>> 36);
            n = c1 & MASK;
            c2 += (c1 >> LIMB_BITS) + (n << 44 & MASK);
            c3 += n >>> 8;
            c4 += n << 36 & MASK;
            c5 += (Long.rotateRight(n, 16) & MASK) - (n << 16 & MASK);
            c6 += (n >>> 4) - (n >>> 36);
            n = c2 & MASK;
            c3 += (c2 >> LIMB_BITS) + (n << 44 & MASK);
            c4 += n >>> 8;
            c5 += n << 36 & MASK;
            c6 += (Long.rotateRight(n, 16) & MASK) - (n << 16 & MASK);
            c7 += (n >>> 4) - (n >>> 36);
            n = c3 & MASK;
            c4 += (c3 >> LIMB_BITS) + (n << 44 & MASK);
            c5 += n >>> 8;
            c6 += n << 36 & MASK;
            c7 += (Long.rotateRight(n, 16) & MASK) - (n << 16 & MASK);
            c8 += (n >>> 4) - (n >>> 36);
            n = c4 & MASK;
            c5 += (c4 >> LIMB_BITS) + (n << 44 & MASK);
            c6 += n >>> 8;
            c7 += n << 36 & MASK;
            c8 += (Long.rotateRight(n, 16) & MASK) - (n << 16 & MASK);
            c9 += (n >>> 4) - (n >>> 36);

            // One step of carrying is enough: a limb stays within a few bits of 52, possibly below zero.
            a0 = (c5 & MASK) << UP;
            a1 = (c6 & MASK) + (c5 >> LIMB_BITS) << UP;
            a2 = (c7 & MASK) + (c6 >> LIMB_BITS) << UP;
            a3 = (c8 & MASK) + (c7 >> LIMB_BITS) << UP;
            a4 = c9 + (c8 >> LIMB_BITS) << UP;
        }
        return new long[] {a0 >> UP, a1 >> UP, a2 >> UP, a3 >> UP, a4 >> UP};
    }

    /** Bits 0 to 51 of the product of two limbs of at most 54 bits and a sign, both shifted up. */
    private static long low(long a, long b) {
        return a * b >>> 2 * UP;
    }

    /** The bits of that product above these. */
    private static long high(long a, long b) {
        return Math.multiplyHigh(a, b);
    }

    private static long[] sum(long[] a, long[] b) {
        long[] sum = new long[LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    /** The number below p that a Montgomery form stands for. */
    private static long[] plain(long[] montgomery) {
        long[] number = product(montgomery, ONE); // at most p
        return compare(number, MODULUS) < 0 ? number : difference(number, MODULUS);
    }

    /** a - b of plain numbers, a at least b. */
    private static long[] difference(long[] a, long[] b) {
        long[] difference = new long[LIMBS];
        long borrow = 0;
        for (int i = 0; i < LIMBS; i++) {
            long limb = a[i] - b[i] + borrow;
            difference[i] = limb & MASK;
            borrow = limb >> LIMB_BITS;
        }
        return difference;
    }

    private static int compare(long[] a, long[] b) {
        for (int i = LIMBS - 1; i > 0; i--) {
            if (a[i] != b[i]) {
                return Long.compare(a[i], b[i]);
            }
        }
        return Long.compare(a[0], b[0]);
    }

    private static long[] limbs(BigInteger number) {
        return limbs(P256.field(number));
    }

    private static long[] limbs(Bytes number) {
        ByteBuffer words = ByteBuffer.wrap(number.toArray());
        long w3 = words.getLong();
        long w2 = words.getLong();
        long w1 = words.getLong();
        long w0 = words.getLong();
        return new long[] {
            w0 & MASK,
            (w0 >>> 52 | w1 << 12) & MASK,
            (w1 >>> 40 | w2 << 24) & MASK,
            (w2 >>> 28 | w3 << 36) & MASK,
            w3 >>> 16
        };
    }

    private static Bytes bytes(long[] number) {
        ByteBuffer words = ByteBuffer.allocate(P256.FIELD_BYTES);
        words.putLong(number[3] >>> 36 | number[4] << 16);
        words.putLong(number[2] >>> 24 | number[3] << 28);
        words.putLong(number[1] >>> 12 | number[2] << 40);
        words.putLong(number[0] | number[1] << 52);
        return Bytes.wrap(words.array());
    }
}
