package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Units;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Mining;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What a difficulty costs the leader for each block, next to the hour that the paper waits for six blocks of Bitcoin. */
final class WorkBench {
    private static final Duration BITCOIN = Duration.ofHours(1);
    private static final int TRIES = 100_000;
    private static final int WARM_UPS = 200;
    /** Blocks are made until so much time is used, within the bounds. */
    private static final int LEAST_BLOCKS = 3;

    private static final int MOST_BLOCKS = 300;
    /** From so many bits on a leader does little else than hash. */
    private static final int ALL_HASHING = 16;

    private final List<Integer> bits;
    private final double seconds;

    /**
     * @param bits difficulties, leading zero bits
     * @param seconds about how long each is tried
     */
    WorkBench(List<Integer> bits, double seconds) {
        this.bits = bits;
        this.seconds = seconds;
    }

    void run(Report report) {
        report.screen().phase("proof of work: a block with one join, made by one core");
        Figures figures = new Figures(
                "work",
                "bits",
                "blocks",
                "mean per block",
                "median per block",
                "hashes per block",
                "hashes/s",
                "Bitcoin's hour is");
        try (ProgressBar progress = report.screen().progress("difficulties", bits.size())) {
            for (int difficulty : bits) {
                measure(report, figures, difficulty);
                progress.step();
            }
        }
        report.add(figures);
    }

    private void measure(Report report, Figures figures, int difficulty) {
        SampleChain chain = new SampleChain(difficulty);
        ChainState parent = chain.begin();
        List<Bytes> join = chain.joins(chain.identities(1), false);
        Random random = new Random();
        if (difficulty <= Byte.SIZE) {
            for (int i = 0; i < WARM_UPS; i++) {
                make(parent, chain.entry(parent, join), random.nextLong());
            }
        }
        double[] nanos = new double[MOST_BLOCKS];
        long hashes = 0;
        int made = 0;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (made < LEAST_BLOCKS || made < MOST_BLOCKS && System.nanoTime() < end) {
            long from = random.nextLong();
            long began = System.nanoTime();
            long nonce = make(parent, chain.entry(parent, join), from);
            nanos[made++] = System.nanoTime() - began;
            hashes += nonce - from + 1;
        }
        Samples times = new Samples(Arrays.copyOf(nanos, made));
        Duration mean = Duration.ofNanos((long) times.mean());
        figures.row(
                difficulty,
                made,
                mean,
                Duration.ofNanos((long) times.median()),
                hashes / made,
                difficulty < ALL_HASHING ? "-" : (Object) Math.round(hashes / (times.mean() * made / 1e9)),
                Units.count((long) (BITCOIN.toNanos() / times.mean())) + " times as long");
        report.claim("a block with " + difficulty + " bits of work, mean", mean, "Bitcoin: 1 h");
    }

    /** Makes a block as a leader does, and returns the nonce that was found. */
    private static long make(ChainState parent, Entry entry, long fromNonce) {
        Mining mining = Mining.of(parent, entry);
        Optional<Entry> found = Optional.empty();
        for (long from = fromNonce; found.isEmpty(); from += TRIES) {
            found = mining.search(from, TRIES);
        }
        if (Ledger.apply(parent, found.get()).block().isEmpty()) {
            throw new IllegalStateException("the work was not enough");
        }
        return ByteBuffer.wrap(found.get().nonce().toArray()).getLong();
    }
}
