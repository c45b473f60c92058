package dev.latchkey.envelope;

/**
 * Consecutive Partial IVs.
 *
 * @param first the lowest, 0 to 65,535
 * @param last the highest, at least {@code first}
 */
public record PartialIvRange(int first, int last) {
    public PartialIvRange {
        if (first < 0 || last < first || last >= ReadingHead.MAX_READINGS) {
            throw new IllegalArgumentException("a range goes upwards within 0 to 65,535");
        }
    }

    int count() {
        return last - first + 1;
    }
}
