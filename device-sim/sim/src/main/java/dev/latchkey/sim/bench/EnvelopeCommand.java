package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey bench envelope}. */
@Command(
        name = "envelope",
        header = "Bytes and CPU time of sealed messages, next to what others would send.",
        description = {
            "Seals and opens a SenML pack of 23 bytes as Latchkey does, as JWE, as COSE with ECDH-ES for each message, and by"
                    + " HPKE, and posts each message over DTLS with a connection ID of 1 byte. Sizes are of real"
                    + " datagrams; the frame's is computed from that. Times are CPU time of one thread, medians over the"
                    + " rounds, all kinds in turns."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey bench envelope",
            "  latchkey bench envelope --rounds 15 --json envelope.json"
        },
        mixinStandardHelpOptions = true)
final class EnvelopeCommand implements Callable<Integer> {
    private static final int MOST_MESSAGES = 200;
    private static final int USUAL_ROUNDS = 9;
    private static final int USUAL_MESSAGES = 50;
    private static final double USUAL_WARM_UP = 0.5;

    @Mixin
    private BenchOutput output;

    @Option(names = "--rounds", defaultValue = "9", paramLabel = "N", description = "of measurements: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--messages",
            defaultValue = "50",
            paramLabel = "N",
            description = "of each kind in a round: ${DEFAULT-VALUE}")
    private int messages;

    @Option(
            names = "--warm-up",
            defaultValue = "0.5",
            paramLabel = "N",
            description = "seconds of CPU time for each kind before that: ${DEFAULT-VALUE}")
    private double warmUp;

    static EnvelopeBench usual() {
        return new EnvelopeBench(USUAL_ROUNDS, USUAL_MESSAGES, USUAL_WARM_UP);
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || messages < 1 || messages > MOST_MESSAGES || !(warmUp >= 0)) {
            throw new UsageFault("--rounds is 1 or more, --messages 1 to " + MOST_MESSAGES + ", --warm-up 0 or more");
        }
        Report report = new Report(Screen.standard());
        new EnvelopeBench(rounds, messages, warmUp).run(report);
        report.summary();
        output.write(report);
        return Cli.OK;
    }
}
