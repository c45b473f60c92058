package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey bench handshakes}. */
@Command(
        name = "handshakes",
        header = "DTLS handshakes of a server, with our EC provider and with the JDK's own.",
        description = {
            "Starts two servers as processes that differ in the provider alone, and lets the same clients connect to them"
                    + " in turns: warm, full handshakes with raw public keys on both sides, each followed by one small"
                    + " request. Rates are per second of CPU time of the server's process, all of it; the ratio is the"
                    + " median over the rounds."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey bench handshakes",
            "  latchkey bench handshakes --rounds 9 --json handshakes.json"
        },
        mixinStandardHelpOptions = true)
final class HandshakesCommand implements Callable<Integer> {
    private static final int USUAL_ROUNDS = 5;
    private static final double USUAL_SECONDS = 2;

    @Mixin
    private BenchOutput output;

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "of measurements: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "2",
            paramLabel = "N",
            description = "of the server's CPU time each measurement takes: ${DEFAULT-VALUE}")
    private double seconds;

    static HandshakesBench usual() {
        return new HandshakesBench(USUAL_ROUNDS, USUAL_SECONDS);
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || !(seconds > 0)) {
            throw new UsageFault("--rounds is 1 or more, --seconds above 0");
        }
        Report report = new Report(Screen.standard());
        new HandshakesBench(rounds, seconds).run(report);
        report.summary();
        output.write(report);
        return Cli.OK;
    }
}
