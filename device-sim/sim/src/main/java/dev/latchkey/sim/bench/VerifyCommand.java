package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey bench verify}. */
@Command(
        name = "verify",
        header = "Full verification of blocks, against openssl's bare signatures.",
        description = {
            "Verifies whole blocks, every rule, root and signature, and runs openssl speed ecdsap256 in turns with it on"
                    + " the same core. Rates are per second of CPU time of the whole process, as openssl's are; the"
                    + " ratio is the median over the rounds."
        },
        footer = {"", "Examples:", "  latchkey bench verify", "  latchkey bench verify --rounds 9 --json verify.json"},
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private static final int MOST_TRANSACTIONS = 512;
    private static final int USUAL_TRANSACTIONS = 256;
    private static final int USUAL_ROUNDS = 5;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--transactions",
            defaultValue = "256",
            paramLabel = "N",
            description = "in a block: ${DEFAULT-VALUE}")
    private int transactions;

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "of measurements: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "1",
            paramLabel = "N",
            description = "of CPU time each measurement takes: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(names = "--no-openssl", description = "do not run openssl; then there is no ratio")
    private boolean alone;

    static VerifyBench usual() {
        return new VerifyBench(USUAL_TRANSACTIONS, USUAL_ROUNDS, 1, true);
    }

    @Override
    public Integer call() throws Exception {
        if (transactions < 1 || transactions > MOST_TRANSACTIONS || rounds < 1 || !(seconds > 0)) {
            throw new UsageFault(
                    "--transactions is 1 to " + MOST_TRANSACTIONS + ", --rounds 1 or more, --seconds above 0");
        }
        Report report = new Report(Screen.standard());
        new VerifyBench(transactions, rounds, seconds, !alone).run(report);
        output.write(report);
        return Cli.OK;
    }
}
