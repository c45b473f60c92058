package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.host.EcProviders;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Step;
import dev.latchkey.transaction.Identity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whole blocks, every rule, root and signature, against openssl's bare signatures: on one core, in turns, by CPU time,
 * medians over the rounds. A signature counts when the provider was asked for it.
 */
final class VerifyBench {
    private static final int WARM_UPS = 4;

    /** One block and one provider. */
    private static final class Row {
        final String block;
        final String provider;
        final boolean nativeCode;
        final EcVerifier verifier;
        final ChainState parent;
        final Bytes encoded;
        final int transactions;
        final double[] signaturesPerSecond;
        final double[] ratios;
        long signatures;

        Row(String block, boolean nativeCode, EcVerifier verifier, ChainState parent, Step step, int rounds) {
            this.block = block;
            this.provider = nativeCode ? EcProviders.name() : "BouncyCastle";
            this.nativeCode = nativeCode;
            this.verifier = verifier;
            this.parent = parent;
            this.encoded = step.block().orElseThrow().encoded();
            this.transactions = step.block().orElseThrow().changed().size();
            this.signaturesPerSecond = new double[rounds];
            this.ratios = new double[rounds];
        }

        void count() throws BlockFaultException {
            AtomicLong asked = new AtomicLong();
            EcVerifier counting = (key, message, signature) -> {
                asked.incrementAndGet();
                return verifier.verify(key, message, signature);
            };
            new BlockVerifier(counting, Runnable::run).verify(parent, encoded);
            signatures = asked.get();
        }

        double measure(double seconds) throws Exception {
            BlockVerifier blocks = new BlockVerifier(verifier, Runnable::run);
            return CpuTime.perSecond(seconds, () -> {
                blocks.verify(parent, encoded);
                return signatures;
            });
        }
    }

    private final int transactions;
    private final int rounds;
    private final double seconds;
    private final boolean withOpenSsl;

    /**
     * @param transactions in each block
     * @param rounds how often everything is measured
     * @param seconds of CPU time for one measurement
     * @param withOpenSsl whether to compare; it measures for whole seconds only
     */
    VerifyBench(int transactions, int rounds, double seconds, boolean withOpenSsl) {
        this.transactions = transactions;
        this.rounds = rounds;
        this.seconds = seconds;
        this.withOpenSsl = withOpenSsl;
    }

    void run(Report report) throws Exception {
        report.screen().phase("block verification: blocks of " + transactions + " transactions, " + rounds + " rounds");
        List<Row> rows = rows();
        double[] openssl = new double[rounds];
        Arrays.fill(openssl, Double.NaN);
        try (OneCore core = OneCore.enter();
                ProgressBar progress = report.screen().progress("measurements", (long) rows.size() * (rounds + 1))) {
            for (Row row : rows) {
                row.count();
                row.measure(WARM_UPS * seconds);
                progress.step();
            }
            for (int round = 0; round < rounds; round++) {
                for (Row row : rows) {
                    if (row == rows.get(0) || !row.provider.equals(rows.get(rows.indexOf(row) - 1).provider)) {
                        openssl[round] = openSsl();
                    }
                    row.signaturesPerSecond[round] = row.measure(seconds);
                    row.ratios[round] = row.signaturesPerSecond[round] / openssl[round];
                    progress.step();
                }
            }
            if (!core.pinned()) {
                report.screen().line("  no taskset: the cores are the scheduler's choice");
            }
        }
        if (withOpenSsl && Double.isNaN(openssl[0])) {
            report.screen()
                    .line("  no openssl on the PATH, so there is no ratio: apt install openssl, dnf install openssl");
        }
        show(report, rows, new Samples(openssl));
    }

    private static void show(Report report, List<Row> rows, Samples openssl) {
        Figures figures = new Figures(
                "verify",
                "block of",
                "provider",
                "signatures",
                "signatures/s per core",
                "openssl verifies/s",
                "ratio",
                "transactions/s per core");
        for (Row row : rows) {
            double rate = new Samples(row.signaturesPerSecond).median();
            double ratio = new Samples(row.ratios).median();
            figures.row(
                    row.block,
                    row.provider,
                    row.signatures,
                    Math.round(rate),
                    Double.isNaN(ratio) ? "-" : (Object) Math.round(openssl.median()),
                    twoDigits(ratio),
                    Math.round(rate / row.signatures * row.transactions));
            report.claim(
                    "block verification, " + row.block + ", " + row.provider + ", per core, of openssl verifies",
                    twoDigits(ratio),
                    row.nativeCode ? ">= 0.95" : ">= 0.5");
        }
        report.add(figures);
    }

    private static String twoDigits(double ratio) {
        return Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    private double openSsl() throws InterruptedException {
        OptionalDouble measured =
                withOpenSsl ? OpenSslSpeed.verifications((int) Math.ceil(seconds)) : OptionalDouble.empty();
        return measured.orElse(Double.NaN);
    }

    private List<Row> rows() {
        SampleChain chain = new SampleChain(0);
        List<Identity> members = chain.identities(transactions);
        Step separate = chain.block(chain.begin(), chain.joins(members, false));
        Step shared = chain.block(chain.begin(), chain.joins(members, true));
        Step rotated = chain.block(separate.state(), chain.rotations(members, chain.identities(transactions)));
        List<Row> rows = new ArrayList<>();
        EcVerifier chosen = EcProviders.verifier();
        boolean nativeCode = !EcProviders.name().startsWith("BC");
        for (EcVerifier verifier : nativeCode ? List.of(chosen, StrictEcVerifier.bouncy()) : List.of(chosen)) {
            boolean isNative = nativeCode && verifier == chosen;
            rows.add(new Row("joins, a voucher each", isNative, verifier, chain.begin(), separate, rounds));
            rows.add(new Row("joins by one voucher", isNative, verifier, chain.begin(), shared, rounds));
            rows.add(new Row("rotations of all keys", isNative, verifier, separate.state(), rotated, rounds));
        }
        return rows;
    }
}
