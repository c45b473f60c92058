package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code latchkey bench}: all of the benchmarks, or one. */
@Command(
        name = "bench",
        header =
                "What verification, proofs, work, sealed messages, handshakes, a gateway's intake, a cloud node's commits and a device's operations cost here.",
        description = {
            "Without a subcommand all of them run, about nine minutes, and one table shows what the documents claim"
                    + " next to what was measured. Figures are of one machine on one day; compare ratios."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey bench",
            "  latchkey bench --json figures.json",
            "  latchkey bench verify --rounds 9",
            "  latchkey bench proofs --members 1000000",
            "  latchkey bench work --bits 0,8,16",
            "  latchkey bench envelope",
            "  latchkey bench handshakes",
            "  latchkey bench ingest --rounds 9",
            "  latchkey bench overload",
            "  latchkey bench commit",
            "  latchkey bench device --members 1000,10000"
        },
        subcommands = {
            VerifyCommand.class,
            ProofsCommand.class,
            WorkCommand.class,
            EnvelopeCommand.class,
            HandshakesCommand.class,
            IngestCommand.class,
            OverloadCommand.class,
            CommitCommand.class,
            DeviceBenchCommand.class
        },
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws Exception {
        // Needs the launcher, and says so before minutes have passed.
        DeviceBench devices = DeviceBenchCommand.usual();
        IngestBench ingest = IngestCommand.usual();
        OverloadBench overload = OverloadCommand.usual();
        CommitBench commit = CommitCommand.usual();
        Report report = new Report(Screen.standard());
        VerifyCommand.usual().run(report);
        ProofsCommand.usual().run(report);
        WorkCommand.usual().run(report);
        EnvelopeCommand.usual().run(report);
        HandshakesCommand.usual().run(report);
        ingest.run(report);
        overload.run(report);
        commit.run(report, 0);
        devices.run(report);
        report.summary();
        output.write(report);
        return Cli.OK;
    }
}
