package dev.latchkey.ledger;

/**
 * How much work the headers of a chain show, for those who audit one. For one thread.
 *
 * <p>A header of difficulty d stands for 2^d hashes on average. How long that takes somewhere is found by timing
 * {@link #hash}.
 */
public final class WorkDone {
    private long blocks;
    private long workedBlocks;
    private double hashes;
    private int mostBits;

    /** Counts one more header; its hash was checked against its difficulty before. */
    public void add(Header header) {
        blocks++;
        hashes += expectedHashes(header.difficulty());
        if (header.difficulty() > 0) {
            workedBlocks++;
            mostBits = Math.max(mostBits, header.difficulty());
        }
    }

    /** Headers so far. */
    public long blocks() {
        return blocks;
    }

    /** Headers of a difficulty above 0. */
    public long workedBlocks() {
        return workedBlocks;
    }

    /** Hashes that the headers stand for, on average. */
    public double hashes() {
        return hashes;
    }

    /** The highest difficulty, leading zero bits. */
    public int mostBits() {
        return mostBits;
    }

    /** Tries that a nonce takes on average: 2^difficulty. */
    public static double expectedHashes(int difficulty) {
        return Math.scalb(1.0, difficulty);
    }

    /** Hashes a header so many times, as a search for a nonce does, so that the caller can time it. */
    public static void hash(Header header, int tries) {
        Mining.unreachable(header).search(0, tries);
    }
}
