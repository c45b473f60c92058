package dev.latchkey.sim.bench;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import dev.latchkey.sim.process.Launcher;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey bench ingest}. */
@Command(
        name = "ingest",
        header = "Sealed readings that a gateway accepts, next to a bare Californium echo.",
        description = {
            "Starts a cloud node, a gateway and a server that only answers as processes; the two servers have the same jars,"
                    + " CoAP and DTLS configuration and JVM options. The same clients send both the same kind of sealed"
                    + " readings in turns, each connection the next one when the one before is answered. The gateway"
                    + " checks member, session and repetition and has each reading on its disk before 2.04. The ratio"
                    + " is taken while the cloud is paused; one row shows the gateway while the cloud runs beside it,"
                    + " others another number of connections. Client and servers share the machine.",
            "A closed loop of few connections measures the disk: each waits for its fsync. The usual number of them keeps"
                    + " the processors busy on either server. Clients' CPU is that of their one thread, of the time: near"
                    + " 1 they were the limit, not the server.",
            "CPU time is that of the server's whole process."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey bench ingest",
            "  latchkey bench ingest --rounds 9 --seconds 6 --json ingest.json",
            "  latchkey bench ingest --connections 200 --devices 50"
        },
        mixinStandardHelpOptions = true)
final class IngestCommand implements Callable<Integer> {
    private static final int USUAL_ROUNDS = 5;
    private static final double USUAL_SECONDS = 4;
    private static final int USUAL_CONNECTIONS = 400;
    private static final int USUAL_DEVICES = 100;
    private static final int MOST = 1_000;

    @Mixin
    private BenchOutput output;

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "of measurements: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "4",
            paramLabel = "N",
            description = "that each measurement takes: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(
            names = "--connections",
            defaultValue = "400",
            paramLabel = "N",
            description = "with one request under way on each: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--devices",
            defaultValue = "100",
            paramLabel = "N",
            description = "members that join and send, each over one or more connections: ${DEFAULT-VALUE}")
    private int devices;

    static IngestBench usual() {
        return new IngestBench(Launcher.current(), USUAL_ROUNDS, USUAL_SECONDS, USUAL_CONNECTIONS, USUAL_DEVICES);
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || !(seconds > 0)) {
            throw new UsageFault("--rounds is 1 or more, --seconds above 0");
        }
        if (connections < 1 || connections > MOST || devices < 8 || devices > MOST) {
            throw new UsageFault("--connections is 1 to " + MOST + ", --devices 8 to " + MOST);
        }
        Report report = new Report(Screen.standard());
        new IngestBench(Launcher.current(), rounds, seconds, connections, devices).run(report);
        report.summary();
        output.write(report);
        return Cli.OK;
    }
}
