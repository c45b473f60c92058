package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey bench proofs}. */
@Command(
        name = "proofs",
        header = "Sizes of key and consistency proofs, and key answers per second.",
        description = {
            "Fills directories with records of real form and size, and asks for random members, for names that nobody"
                    + " has, and for eight members at once. Some answers of each kind are verified as a device would."
                    + " A history of random blocks gives the consistency proofs."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey bench proofs",
            "  latchkey bench proofs --members 1000,10000 --json proofs.json"
        },
        mixinStandardHelpOptions = true)
final class ProofsCommand implements Callable<Integer> {
    private static final int MOST = 4_000_000;
    private static final List<Integer> USUAL_MEMBERS = List.of(1_000, 100_000, 1_000_000);
    private static final int USUAL_BLOCKS = 1_000_000;
    private static final int USUAL_SAMPLES = 20_000;
    private static final double USUAL_SECONDS = 3;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--members",
            split = ",",
            defaultValue = "1000,100000,1000000",
            paramLabel = "N",
            description = "how many members the directories have: ${DEFAULT-VALUE}")
    private List<Integer> members;

    @Option(
            names = "--blocks",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "of the history: ${DEFAULT-VALUE}")
    private int blocks;

    @Option(
            names = "--samples",
            defaultValue = "20000",
            paramLabel = "N",
            description = "answers of each kind: ${DEFAULT-VALUE}")
    private int samples;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            paramLabel = "N",
            description = "answers are counted: ${DEFAULT-VALUE}")
    private double seconds;

    static ProofsBench usual() {
        return new ProofsBench(USUAL_MEMBERS, USUAL_BLOCKS, USUAL_SAMPLES, USUAL_SECONDS);
    }

    @Override
    public Integer call() throws Exception {
        if (members.stream().anyMatch(count -> count < 100 || count > MOST) || blocks < 2 || blocks > MOST) {
            throw new UsageFault("--members is 100 to " + MOST + ", --blocks 2 to " + MOST);
        }
        if (samples < 1 || !(seconds > 0)) {
            throw new UsageFault("--samples and --seconds are above 0");
        }
        Report report = new Report(Screen.standard());
        new ProofsBench(members, blocks, samples, seconds).run(report);
        output.write(report);
        return Cli.OK;
    }
}
