package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import dev.latchkey.transaction.Policy;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey bench work}. */
@Command(
        name = "work",
        header = "What proof of work would cost for each block.",
        description = {
            "Makes blocks as a leader does, with the nonce searched on one core, for several difficulties in leading zero"
                    + " bits. The paper compares its blocks with the hour that six blocks of Bitcoin take."
        },
        footer = {"", "Examples:", "  latchkey bench work", "  latchkey bench work --bits 0,12,24 --seconds 30"},
        mixinStandardHelpOptions = true)
final class WorkCommand implements Callable<Integer> {
    private static final List<Integer> USUAL_BITS = List.of(0, 8, 16, 20);
    private static final double USUAL_SECONDS = 8;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--bits",
            split = ",",
            defaultValue = "0,8,16,20",
            paramLabel = "N",
            description = "difficulties: ${DEFAULT-VALUE}")
    private List<Integer> bits;

    @Option(names = "--seconds", defaultValue = "8", paramLabel = "N", description = "for each: about ${DEFAULT-VALUE}")
    private double seconds;

    static WorkBench usual() {
        return new WorkBench(USUAL_BITS, USUAL_SECONDS);
    }

    @Override
    public Integer call() throws Exception {
        if (bits.stream().anyMatch(difficulty -> difficulty < 0 || difficulty > Policy.MAX_DIFFICULTY)
                || !(seconds > 0)) {
            throw new UsageFault("--bits is 0 to " + Policy.MAX_DIFFICULTY + ", --seconds above 0");
        }
        Report report = new Report(Screen.standard());
        new WorkBench(bits, seconds).run(report);
        output.write(report);
        return Cli.OK;
    }
}
