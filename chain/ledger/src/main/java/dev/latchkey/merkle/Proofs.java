package dev.latchkey.merkle;

import dev.latchkey.bytes.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes proofs from the roots of ranges of leaves, by the recursions of RFC 9162, sections 2.1.3.1 and 2.1.4.1. */
final class Proofs {
    /** The root over {@code size} leaves (at least one) beginning at {@code from}. */
    @FunctionalInterface
    interface Ranges {
        Digest root(long from, long size);
    }

    private Proofs() {}

    /** The path of a leaf in a tree of a size above its index. */
    static List<Digest> inclusion(Ranges ranges, long index, long size) {
        List<Digest> fromTop = new ArrayList<>();
        long from = 0;
        long width = size;
        while (width > 1) {
            long left = split(width);
            if (index < from + left) {
                fromTop.add(ranges.root(from + left, width - left));
                width = left;
            } else {
                fromTop.add(ranges.root(from, left));
                from += left;
                width -= left;
            }
        }
        return upwards(fromTop);
    }

    /** The proof between two sizes, the first at least 1 and not above the second. */
    static List<Digest> consistency(Ranges ranges, long firstSize, long secondSize) {
        List<Digest> fromTop = new ArrayList<>();
        long from = 0;
        long width = secondSize;
        while (firstSize != from + width) {
            long left = split(width);
            if (firstSize <= from + left) {
                fromTop.add(ranges.root(from + left, width - left));
                width = left;
            } else {
                fromTop.add(ranges.root(from, left));
                from += left;
                width -= left;
            }
        }
        if (from > 0) {
            fromTop.add(ranges.root(from, width));
        }
        return upwards(fromTop);
    }

    /** The largest power of two below a size of at least 2. */
    static long split(long size) {
        return Long.highestOneBit(size - 1);
    }

    private static List<Digest> upwards(List<Digest> fromTop) {
        Collections.reverse(fromTop);
        return Collections.unmodifiableList(fromTop);
    }
}
