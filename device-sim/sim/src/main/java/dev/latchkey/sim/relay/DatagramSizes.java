package dev.latchkey.sim.relay;

import java.util.Arrays;

/**
 * How many datagrams of each size passed in one direction, sizes in bytes of UDP payload; immutable.
 */
public final class DatagramSizes {
    /** Largest UDP payload over IPv4. */
    static final int MAX_BYTES = 65_507;

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
     * @throws IllegalStateException if none passed
     */
    public int median() {
        long rank = (datagrams() + 1) / 2;
        if (rank == 0) {
            throw new IllegalStateException("no datagram passed");
        }
        long seen = 0;
        int size = -1;
        while (seen < rank) {
            size++;
            seen += counts[size];
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
}
