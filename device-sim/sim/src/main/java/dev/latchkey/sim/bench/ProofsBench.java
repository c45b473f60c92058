package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Units;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedAbsence;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** Sizes of proofs as a directory and a history grow, and how fast a gateway answers with them. */
final class ProofsBench {
    private static final int NAMES = 8;
    private static final int SLEEP_BLOCKS = 100_000;
    private static final int VERIFIED = 50;
    private static final int BATCH = 100;

    private final List<Integer> members;
    private final int blocks;
    private final int samples;
    private final double seconds;

    /**
     * @param members how many the directories have
     * @param blocks how many the history has
     * @param samples answers of each kind that are measured
     * @param seconds for which answers are counted
     */
    ProofsBench(List<Integer> members, int blocks, int samples, double seconds) {
        this.members = members;
        this.blocks = blocks;
        this.samples = samples;
        this.seconds = seconds;
    }

    void run(Report report) throws Exception {
        report.screen().phase("key proofs: an answer is a record, or none, and what proves it under a checkpoint");
        Figures sizes =
                new Figures("proofs", "members", "answer", "mean B", "p50 B", "p99 B", "max B", "answers/s per core");
        for (int count : members) {
            measure(report, sizes, count);
        }
        report.add(sizes);
        consistency(report);
    }

    private void measure(Report report, Figures sizes, int count) throws Exception {
        SampleDirectory sample;
        try (ProgressBar progress = report.screen().progress("members", count)) {
            sample = new SampleDirectory(count, progress);
        }
        requireTrue(sample);
        Samples present = sizes(i -> present(sample).size());
        double perSecond = CpuTime.perSecond(seconds, () -> {
            long bytes = 0;
            for (int i = 0; i < BATCH; i++) {
                bytes += present(sample).size();
            }
            return bytes > 0 ? BATCH : 0;
        });
        row(sizes, count, "record and proof", present, Math.round(perSecond));
        row(sizes, count, "absence", sizes(i -> absent(sample).size()), "");
        Samples several = sizes(i -> KeysProof.answer(sample.directory(), sample.chainId(), names(sample))
                .size());
        row(sizes, count, NAMES + " names at once", several, "");
        String at = " at " + Units.count(count) + " members";
        report.claim("record and proof, p99," + at, Units.count((long) present.quantile(0.99)) + " B", "<= 1,000 B");
        report.claim("key answers per second and core," + at, Math.round(perSecond), ">= 50,000");
    }

    private static void row(Figures sizes, int members, String answer, Samples bytes, Object perSecond) {
        sizes.row(
                members,
                answer,
                Math.round(bytes.mean()),
                (long) bytes.median(),
                (long) bytes.quantile(0.99),
                (long) bytes.max(),
                perSecond);
    }

    private static Bytes present(SampleDirectory sample) {
        return DirectoryAnswer.of(sample.directory(), sample.path(sample.anyMember()))
                .encode();
    }

    private static Bytes absent(SampleDirectory sample) {
        return DirectoryAnswer.of(sample.directory(), sample.path(sample.nobody()))
                .encode();
    }

    private static List<String> names(SampleDirectory sample) {
        Set<String> names = new LinkedHashSet<>();
        while (names.size() < NAMES) {
            names.add(sample.anyMember());
        }
        return List.copyOf(names);
    }

    private Samples sizes(IntToLongFunction answer) {
        return new Samples(
                IntStream.range(0, samples).mapToDouble(answer::applyAsLong).toArray());
    }

    /** What was measured must be what a device accepts. */
    private static void requireTrue(SampleDirectory sample) throws ProofException {
        VerifiedCheckpoint under = sample.checkpoint();
        boolean all = true;
        for (int i = 0; i < VERIFIED; i++) {
            String name = sample.anyMember();
            Bytes answer =
                    DirectoryAnswer.of(sample.directory(), sample.path(name)).encode();
            all &= KeyProof.find(under, name, answer) instanceof VerifiedKey;
            String nobody = sample.nobody();
            Bytes none =
                    DirectoryAnswer.of(sample.directory(), sample.path(nobody)).encode();
            all &= KeyProof.find(under, nobody, none) instanceof VerifiedAbsence;
            List<String> names = names(sample);
            Bytes several = KeysProof.answer(sample.directory(), sample.chainId(), names);
            all &= KeysProof.verify(under, names, several).stream().allMatch(VerifiedKey.class::isInstance);
        }
        if (!all) {
            throw new IllegalStateException("an answer proved something else");
        }
    }

    private void consistency(Report report) {
        report.screen().phase("consistency proofs: what a sleeper needs to take up the chain where it left it");
        Random random = new Random(2);
        HistoryTree history = new HistoryTree();
        byte[] leaf = new byte[Digest.SIZE];
        for (int i = 0; i < blocks; i++) {
            random.nextBytes(leaf);
            history.append(Digest.of(Bytes.of(leaf)));
        }
        Figures sizes = new Figures("consistency", "blocks", "slept", "mean B", "p50 B", "p99 B", "max B");
        int newest = blocks - 1;
        int slept = Math.min(SLEEP_BLOCKS, newest);
        Samples anyLength = sizes(i ->
                ConsistencyProof.answer(history, random.nextInt(blocks), newest).size());
        Samples fixed = sizes(i -> {
            int newer = slept + random.nextInt(blocks - slept);
            return ConsistencyProof.answer(history, newer - slept, newer).size();
        });
        row(sizes, "any number of blocks", anyLength);
        row(sizes, Units.count(slept) + " blocks", fixed);
        report.add(sizes);
        report.claim(
                "consistency proof, largest, at " + Units.count(blocks) + " blocks",
                Units.count((long) Math.max(anyLength.max(), fixed.max())) + " B",
                "<= 750 B");
    }

    private void row(Figures sizes, String slept, Samples bytes) {
        sizes.row(blocks, slept, Math.round(bytes.mean()), (long) bytes.median(), (long) bytes.quantile(0.99), (long)
                bytes.max());
    }
}
