package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import dev.latchkey.sim.process.Launcher;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey bench device}. */
@Command(
        name = "device",
        header = "Bytes and CPU time of what a device does, next to verifying every block.",
        description = {
            "Starts a cloud node and a gateway as processes and lets devices of this process join, look keys up, send,"
                    + " receive and rotate through a relay that counts bytes. Then verifies every block of chains with one"
                    + " transaction each, which is what the gateway saves them."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey bench device",
            "  latchkey bench device --members 1000,10000 --json device.json"
        },
        mixinStandardHelpOptions = true)
final class DeviceBenchCommand implements Callable<Integer> {
    private static final int LEAST_DEVICES = 3;
    private static final int MOST_DEVICES = 1_000;
    private static final int MOST_MEMBERS = 100_000;
    private static final int USUAL_DEVICES = 25;
    private static final List<Integer> USUAL_MEMBERS = List.of(1_000);

    @Mixin
    private BenchOutput output;

    @Option(names = "--devices", defaultValue = "25", paramLabel = "N", description = "that join: ${DEFAULT-VALUE}")
    private int devices;

    @Option(
            names = "--members",
            split = ",",
            defaultValue = "1000",
            paramLabel = "N",
            description = "of the chains that are verified in full: ${DEFAULT-VALUE}")
    private List<Integer> members;

    static DeviceBench usual() {
        return new DeviceBench(Launcher.current(), USUAL_DEVICES, USUAL_MEMBERS);
    }

    @Override
    public Integer call() throws Exception {
        if (devices < LEAST_DEVICES || devices > MOST_DEVICES) {
            throw new UsageFault("--devices is " + LEAST_DEVICES + " to " + MOST_DEVICES);
        }
        if (members.stream().anyMatch(count -> count < 1 || count > MOST_MEMBERS)) {
            throw new UsageFault("--members is 1 to " + MOST_MEMBERS);
        }
        Report report = new Report(Screen.standard());
        new DeviceBench(Launcher.current(), devices, members).run(report);
        report.summary();
        output.write(report);
        return Cli.OK;
    }
}
