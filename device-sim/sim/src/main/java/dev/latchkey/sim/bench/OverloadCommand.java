package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import dev.latchkey.sim.process.Launcher;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey bench overload}. */
@Command(
        name = "overload",
        header = "A gateway under three times the readings that it can take.",
        description = {
            "Starts a cloud node, which is then paused, and a gateway, and finds out how many sealed readings the gateway takes"
                    + " from 400 connections that wait for each answer. Then three times as many come, whatever becomes"
                    + " of them, and nobody keeps silent when told to; one that is not answered is repeated once."
                    + " What is more than the gateway can take is told to come again, or lost before it costs"
                    + " anything. The clients have a core of their own where there are several."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey bench overload",
            "  latchkey bench overload --seconds 20 --json overload.json"
        },
        mixinStandardHelpOptions = true)
final class OverloadCommand implements Callable<Integer> {
    private static final double USUAL_SECONDS = 6;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--seconds",
            defaultValue = "6",
            paramLabel = "N",
            description = "that each measurement takes: ${DEFAULT-VALUE}")
    private double seconds;

    static OverloadBench usual() {
        return new OverloadBench(Launcher.current(), USUAL_SECONDS);
    }

    @Override
    public Integer call() throws Exception {
        if (!(seconds > 0)) {
            throw new UsageFault("--seconds is above 0");
        }
        Report report = new Report(Screen.standard());
        new OverloadBench(Launcher.current(), seconds).run(report);
        report.summary();
        output.write(report);
        return Cli.OK;
    }
}
