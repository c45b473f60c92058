package dev.latchkey.cbor;

/** IEEE 754 binary16, the shortest of the three floating-point forms (RFC 8949, section 3.3 and appendix D). */
final class HalfPrecision {
    /** The one NaN of deterministic encoding. */
    static final int NAN = 0x7e00;

    private static final int SINGLE_FRACTION_BITS = 23;
    private static final int DROPPED_BITS = SINGLE_FRACTION_BITS - 10;
    private static final int LARGEST_EXPONENT = 15;
    private static final int SMALLEST_NORMAL_EXPONENT = -14;
    private static final int SMALLEST_EXPONENT = -24;

    private HalfPrecision() {}

    static boolean isNan(int half) {
        return (half & 0x7c00) == 0x7c00 && (half & 0x03ff) != 0;
    }

    /** Whether a number that is not a NaN has a binary16 form of exactly the same value. */
    static boolean canHold(float value) {
        if (value == 0 || Float.isInfinite(value)) {
            return true;
        }
        int exponent = Math.getExponent(value);
        if (exponent < SMALLEST_EXPONENT || exponent > LARGEST_EXPONENT) {
            return false;
        }
        int denormalised = Math.max(0, SMALLEST_NORMAL_EXPONENT - exponent);
        int fraction = Float.floatToRawIntBits(value) & ((1 << SINGLE_FRACTION_BITS) - 1) | 1 << SINGLE_FRACTION_BITS;
        return (fraction & ((1 << (DROPPED_BITS + denormalised)) - 1)) == 0;
    }
}
