package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.CborSequence;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.host.EcProviders;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * How long a transaction takes from its posting until its block is on the node's disk and comes down the stream of blocks,
 * and until its receipt is there; how many signatures a node commits under load; and how many readings it puts into
 * mailboxes. On a cloud of one node, then of three; each node is a process, the clients are in this one, all on one machine.
 */
final class CommitBench {
    private static final int NODES = 3;
    private static final int WARM_UPS = 1_000;
    private static final int TRANSACTIONS_OF_A_POST = 64;
    private static final int POSTS_UNDER_WAY = 8;
    private static final int BATCH = 512;
    private static final int CIPHERTEXT_BYTES = 64;
    private static final int SENDERS = 50;
    private static final int OPENSSL_SECONDS = 2;
    private static final int MAX_ITEM_BYTES = 1 << 20;

    private final Launcher launcher;
    private final int samples;
    private final int transactions;
    private final int readings;

    /**
     * A benchmark.
     *
     * @param samples transactions posted one after the other
     * @param transactions posted as fast as they are taken
     * @param readings put into mailboxes, as fast as they are taken
     */
    CommitBench(Launcher launcher, int samples, int transactions, int readings) {
        this.launcher = launcher;
        this.samples = samples;
        this.transactions = transactions;
        this.readings = readings;
    }

    /**
     * What was found.
     *
     * @param committed milliseconds until the block came
     * @param receipted milliseconds until the receipt came
     * @param signatures of committed transactions, a second
     * @param signatureMicros CPU time of the leader's process for each of them, all that it does for a transaction included
     * @param single readings a second with one batch under way
     * @param several readings a second with four batches under way
     */
    record Result(
            Samples committed,
            Samples receipted,
            double signatures,
            double signatureMicros,
            double single,
            double several) {}

    /**
     * Measures a cloud of one node, or one of three, or first one and then the other.
     *
     * @param nodes 1, 3, or 0 for both
     */
    void run(Report report, int nodes) throws Exception {
        Optional<Result> one = nodes == NODES ? Optional.empty() : Optional.of(measured(report, 1));
        Optional<Result> three = nodes == 1 ? Optional.empty() : Optional.of(measured(report, NODES));
        OptionalDouble core = OpenSslSpeed.verifications(OPENSSL_SECONDS);
        one.ifPresent(result -> {
            report.claim("posted to committed, p50", millis(result.committed().median()), "2 ms");
            report.claim("posted to committed, p99", millis(result.committed().quantile(0.99)), "8 ms");
            core.ifPresent(each -> report.claim(
                    "committed signatures, of what two cores of openssl verify",
                    ratio(result.signatures() / (2 * each)),
                    "0.7"));
            // both by CPU time: the clients, and what else the machine has to do, do not count
            core.ifPresent(each -> report.claim(
                    "the same by the CPU time of the node's process",
                    ratio(1e6 / result.signatureMicros() / each),
                    "-"));
            report.claim("readings into mailboxes", Math.round(result.several()) + "/s", "20,000/s");
        });
        three.ifPresent(result -> {
            report.claim(
                    "on three nodes: posted to committed, p50",
                    millis(result.committed().median()),
                    "8 ms");
            report.claim(
                    "on three nodes: posted to committed, p99",
                    millis(result.committed().quantile(0.99)),
                    "30 ms");
            // each node verifies all of them, and here they share the cores
            core.ifPresent(each -> report.claim(
                    "on three nodes: committed signatures, as above", ratio(result.signatures() / (2 * each)), "-"));
            one.ifPresent(alone -> report.claim(
                    "on three nodes: readings, of what one takes", ratio(result.several() / alone.several()), "0.4"));
        });
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private Result measured(Report report, int nodes) throws Exception {
        String where = nodes == 1 ? "one node" : "three nodes";
        report.screen().phase("a cloud of " + where + ": transactions and mailboxes");
        Result result;
        try (ProgressBar progress = report.screen().progress("measurements", 4)) {
            result = measure(nodes, progress::step);
        }
        String suffix = nodes == 1 ? "" : "-" + nodes;
        Figures latency =
                new Figures("commit" + suffix, where + ", one at a time", "p50 ms", "p99 ms", "p99.9 ms", "samples");
        row(latency, "posted to block", result.committed());
        row(latency, "posted to receipt", result.receipted());
        report.add(latency);
        Figures load = new Figures("commit-load" + suffix, where + ", under load", "a second");
        load.row("signatures of committed transactions", Math.round(result.signatures()));
        load.row("signatures for each second of the leader's CPU", Math.round(1e6 / result.signatureMicros()));
        load.row("readings into mailboxes, one batch under way", Math.round(result.single()));
        load.row("readings into mailboxes, four batches under way", Math.round(result.several()));
        report.add(load);
        return result;
    }

    private void row(Figures figures, String what, Samples millis) {
        figures.row(
                what,
                rounded(millis.quantile(0.5)),
                rounded(millis.quantile(0.99)),
                rounded(millis.quantile(0.999)),
                samples);
    }

    private static double rounded(double millis) {
        return Math.round(millis * 100) / 100.0;
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos((long) (millis * 1e6));
    }

    Result measure(int nodes, Runnable step) throws Exception {
        EcProviders.install();
        try (CommitTown town = CommitTown.start(launcher, nodes)) {
            List<CommitTown.Sender> senders = town.senders(SENDERS);
            double single = readings(town, senders, 1);
            step.run();
            double several = readings(town, senders, 4);
            step.run();
            Flood flood = signatures(town);
            step.run();
            // last: for half a minute of load the compiler takes a good part of two cores
            Samples[] latencies = latencies(town);
            step.run();
            double signatures = (transactions - warming()) * (double) CommitTown.SIGNATURES_OF_A_JOIN;
            return new Result(
                    latencies[0],
                    latencies[1],
                    signatures / flood.seconds(),
                    flood.cpuSeconds() * 1e6 / signatures,
                    single,
                    several);
        }
    }

    private Samples[] latencies(CommitTown town) throws Exception {
        int warm = Math.min(WARM_UPS, samples);
        List<Bytes> joins = town.joins(warm + samples);
        double[] committed = new double[samples];
        double[] receipted = new double[samples];
        try (CborSequence blocks = new CborSequence(town.blocks(town.height() + 1), MAX_ITEM_BYTES)) {
            for (int i = 0; i < warm + samples; i++) {
                long begun = System.nanoTime();
                CompletableFuture<Void> receipt = town.post(List.of(joins.get(i)));
                double block = (awaitBlock(blocks) - begun) / 1e6;
                receipt.get();
                double whole = (System.nanoTime() - begun) / 1e6;
                if (i >= warm) {
                    committed[i - warm] = block;
                    receipted[i - warm] = whole;
                }
            }
        }
        return new Samples[] {new Samples(committed), new Samples(receipted)};
    }

    /** How long posts took, and the CPU time of the leader's process meanwhile. */
    private record Flood(double seconds, double cpuSeconds) {}

    /** Three quarters: the compiler is busy for the first forty thousand. */
    private int warming() {
        return transactions - transactions / 4;
    }

    private Flood signatures(CommitTown town) throws Exception {
        List<Bytes> joins = town.joins(transactions);
        flood(POSTS_UNDER_WAY, posts(joins.subList(0, warming())), town::post);
        List<List<Bytes>> counted = posts(joins.subList(warming(), transactions));
        Duration before = town.cpu();
        double seconds = flood(POSTS_UNDER_WAY, counted, town::post);
        return new Flood(seconds, town.cpu().minus(before).toNanos() / 1e9);
    }

    private static List<List<Bytes>> posts(List<Bytes> joins) {
        List<List<Bytes>> posts = new ArrayList<>();
        for (int from = 0; from < joins.size(); from += TRANSACTIONS_OF_A_POST) {
            posts.add(joins.subList(from, Math.min(joins.size(), from + TRANSACTIONS_OF_A_POST)));
        }
        return posts;
    }

    /** As of so many gateways' stores, each with one batch under way. */
    private double readings(CommitTown town, List<CommitTown.Sender> senders, int stores) throws Exception {
        List<Bytes> batches = new ArrayList<>();
        byte[][] epochs = new byte[stores][MessageBatch.EPOCH_BYTES];
        SecureRandom random = new SecureRandom();
        for (byte[] epoch : epochs) {
            random.nextBytes(epoch);
        }
        long height = town.height();
        long sequence = 0;
        for (int batch = 0; batch * BATCH < readings; batch++) {
            List<MessageBatch.Message> messages = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                sequence++;
                int sender = (int) (sequence % senders.size());
                messages.add(senders.get(sender)
                        .reading(
                                sequence,
                                height,
                                senders.get((sender + 1 + batch % (senders.size() - 1)) % senders.size()),
                                CIPHERTEXT_BYTES));
            }
            List<Bytes> tickets =
                    senders.stream().map(CommitTown.Sender::ticket).toList();
            batches.add(new MessageBatch(Bytes.wrap(epochs[batch % stores]), tickets, messages).encode());
        }
        int warm = batches.size() / 5;
        flood(stores, batches.subList(0, warm), town::deliver);
        double seconds = flood(stores, batches.subList(warm, batches.size()), town::deliver);
        return (batches.size() - warm) * (double) BATCH / seconds;
    }

    private interface Post<T> {
        CompletableFuture<Void> of(T what);
    }

    /** Posts all of it, so many at a time; answers how many seconds that took. */
    private static <T> double flood(int underWay, List<T> all, Post<T> post) throws Exception {
        Semaphore room = new Semaphore(underWay);
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        long begun = System.nanoTime();
        for (T one : all) {
            room.acquire();
            answers.add(post.of(one).whenComplete((done, fault) -> room.release()));
        }
        for (CompletableFuture<Void> answer : answers) {
            answer.get();
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    /** Waits for the next block; answers when it came. */
    private static long awaitBlock(CborSequence blocks) throws IOException, MalformedCborException {
        while (true) {
            Item item = blocks.next().orElseThrow(() -> new IOException("the stream of blocks ended"));
            if (item.asArray(3).get(1).kind() == Item.Kind.BYTES) {
                return System.nanoTime();
            }
        }
    }
}
