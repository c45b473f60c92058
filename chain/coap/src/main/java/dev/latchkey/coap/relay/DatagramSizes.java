package dev.latchkey.coap.relay;

import java.util.Arrays;

/**
 * How many datagrams of each size passed, sizes in bytes of UDP payload; immutable. Sizes above 2,047 bytes are counted
 * as 2,047: none of ours has more than 1,280.
 */
public final class DatagramSizes {
    /** Different sizes. */
    static final int SIZES = 2_048;

    private static final double HALF = 0.5;

    private final long[] counts;

    DatagramSizes(long[] counts) {
        this.counts = counts.clone();
    }

    public long datagrams() {
        return Arrays.stream(counts).sum();
    }

    public long bytes() {
        long bytes = 0;
        for (int size = 0; size < counts.length; size++) {
            bytes += counts[size] * size;
        }
        return bytes;
    }

    /**
     * The size that half of the datagrams do not exceed.
     *
     * @throws IllegalStateException if there are none
     */
    public int median() {
        return percentile(HALF);
    }

    /**
     * The size that a share of the datagrams does not exceed.
     *
     * @param share 0 to 1: 0 is the smallest, 1 the largest
     * @throws IllegalStateException if there are none
     */
    public int percentile(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share lies between 0 and 1");
        }
        long datagrams = datagrams();
        if (datagrams == 0) {
            throw new IllegalStateException("no datagram passed");
        }
        long rank = Math.max(1, (long) Math.ceil(share * datagrams));
        int size = 0;
        for (long seen = counts[0]; seen < rank; seen += counts[size]) {
            size++;
        }
        return size;
    }

    /** What passed since the earlier state. */
    public DatagramSizes since(DatagramSizes earlier) {
        long[] difference = counts.clone();
        for (int size = 0; size < difference.length; size++) {
            difference[size] -= earlier.counts[size];
        }
        return new DatagramSizes(difference);
    }

    /** Both together. */
    public DatagramSizes plus(DatagramSizes other) {
        long[] sum = counts.clone();
        for (int size = 0; size < sum.length; size++) {
            sum[size] += other.counts[size];
        }
        return new DatagramSizes(sum);
    }
}
