package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import dev.latchkey.sim.process.Launcher;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey bench commit}. */
@Command(
        name = "commit",
        header = "How fast a cloud node commits transactions and fills mailboxes.",
        description = {
            "Starts a cloud node as a process, and after it three that are a cluster. Readings come in batches of 512 as"
                    + " of one gateway and of four, and then joins in posts of 64, eight posts at a time, three quarters of them to"
                    + " warm up. Then joins are posted one after the other: until the block comes down the stream of"
                    + " blocks, which is when it is in the synced log and applied, and until the receipt is there, which"
                    + " takes the node's own verification and a signature more. The clients share the machine."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey bench commit",
            "  latchkey bench commit --readings 500000 --json commit.json"
        },
        mixinStandardHelpOptions = true)
final class CommitCommand implements Callable<Integer> {
    private static final int USUAL_SAMPLES = 2_000;
    private static final int USUAL_TRANSACTIONS = 32_768;
    private static final int USUAL_READINGS = 200_000;
    private static final int MOST = 5_000_000;
    private static final int LEAST_TRANSACTIONS = 128;
    private static final int LEAST_READINGS = 10_240;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--samples",
            defaultValue = "2000",
            paramLabel = "N",
            description = "transactions one after the other: ${DEFAULT-VALUE}")
    private int samples;

    @Option(
            names = "--transactions",
            defaultValue = "32768",
            paramLabel = "N",
            description = "under load, three quarters to warm up: ${DEFAULT-VALUE}")
    private int transactions;

    @Option(
            names = "--readings",
            defaultValue = "200000",
            paramLabel = "N",
            description = "into mailboxes, of each load: ${DEFAULT-VALUE}")
    private int readings;

    @Option(names = "--nodes", defaultValue = "0", paramLabel = "N", description = "1 or 3 only; else both, 1 first")
    private int nodes;

    static CommitBench usual() {
        return new CommitBench(Launcher.current(), USUAL_SAMPLES, USUAL_TRANSACTIONS, USUAL_READINGS);
    }

    @Override
    public Integer call() throws Exception {
        if (samples < 1 || samples > MOST || transactions < LEAST_TRANSACTIONS || transactions > MOST) {
            throw new UsageFault("--samples is 1 or more, --transactions " + LEAST_TRANSACTIONS + " to " + MOST);
        }
        if (nodes != 0 && nodes != 1 && nodes != 3) {
            throw new UsageFault("--nodes is 1 or 3");
        }
        if (readings < LEAST_READINGS || readings > MOST) {
            throw new UsageFault("--readings is " + LEAST_READINGS + " to " + MOST);
        }
        Report report = new Report(Screen.standard());
        new CommitBench(Launcher.current(), samples, transactions, readings).run(report, nodes);
        report.summary();
        output.write(report);
        return Cli.OK;
    }
}
