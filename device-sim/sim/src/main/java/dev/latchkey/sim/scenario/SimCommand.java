package dev.latchkey.sim.scenario;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Screen;
import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey sim}: a fleet, what happens to it, and what became of every reading. */
@Command(
        name = "sim",
        header = "A fleet of handhelds that sends while things happen to it.",
        description = {
            "Handhelds join by one voucher, prove each other's keys and send readings, sealed end to end; recipients open"
                    + " them and compare every value with its source. Every reading is accounted for.",
            "",
            "Scenarios:",
            "  weather  the daily weather of Seattle (this one, if none is named)",
            "  csv      a file's values: --replay FILE --unit U",
            "  host     this machine's own temperatures, load and memory, sampled by each device",
            "  commute  members move to a sibling sub-network and back while all send",
            "  storm    all lose their connections at once and reconnect together",
            "  churn    members change keys, and new ones take the places of those that leave",
            "  lossy    datagrams are lost, repeated, delayed, re-ordered, too large, and addresses change",
            "",
            "Without --hand-over it makes a network of its own in a temporary directory, cloud node and gateway as"
                    + " processes, which end with it. With it the fleet joins at a gateway that somebody runs, and its"
                    + " members stay on that chain for ever: use one that is for trying things out.",
            "",
            "--replay goes with every scenario but host, and what lossy does to datagrams with every scenario."
        },
        footer = {
            "",
            "Exit codes:",
            "  0  every acknowledged reading was opened once by its recipient and equals its source, and nothing was"
                    + " refused but what the scenario wants refused",
            "  1  something is missing or was refused; it says what, and the directory stays",
            "  2  the options do not go together, or a file cannot be used; nothing was started",
            "  130  ended by Ctrl-C; the directory stays",
            "",
            "Examples:",
            "  latchkey sim",
            "  latchkey sim --devices 2500 --json figures.json --html report.html",
            "  latchkey sim csv --replay room.csv --time when --value t --unit Cel --rate 60x",
            "  latchkey sim host --devices 5 --duration 30s",
            "  latchkey sim commute --devices 40 --commuters 0.5 --trips 2",
            "  latchkey sim storm --devices 500",
            "  latchkey sim churn --devices 30 --changes 20 --seed 7",
            "  latchkey sim lossy --loss 0.1 --delay 20ms-200ms --mtu 400",
            "",
            "  latchkey operator voucher --dir net/operator --uses 50 --name 'd-*' --days 1 --out fleet-voucher",
            "  latchkey sim --hand-over fleet-voucher --devices 50 --readings 1000"
        },
        mixinStandardHelpOptions = true)
public final class SimCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "SCENARIO", description = "one of those above (weather)")
    private String scenario = "weather";

    @Mixin
    private SimOptions options;

    @Mixin
    private SourceOptions source;

    @Mixin
    private EventOptions events;

    @Mixin
    private Impairments impairments;

    @Option(
            names = "--hand-over",
            paramLabel = "FILE",
            description = "what the operator hands out: gateway, voucher with at least one use per device, its key")
    private Path handOverFile;

    @Option(names = "--keep", description = "keep the directory with keys, stores and logs")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ScenarioName name = ScenarioName.of(scenario);
        boolean own = handOverFile == null;
        options.check();
        events.check(name, own);
        if (name == ScenarioName.LOSSY) {
            impairments.lossy();
        }
        impairments.check();
        SourceOptions.Chosen chosen = source.choose(name, options.devices());
        Optional<HandOver> handOver = own ? Optional.empty() : Optional.of(usable(HandOverFile.read(handOverFile)));
        Optional<Launcher> launcher = own ? Optional.of(Launcher.current()) : Optional.empty();
        SimRun run =
                new SimRun(Screen.standard(), name, options, chosen, events, impairments, handOver, launcher, keep);
        return run.run() ? Cli.OK : Cli.FAILED;
    }

    private static HandOver usable(HandOver handOver) {
        if (HandOverFile.gateway(handOver).isUnresolved()) {
            throw new UsageFault("the gateway's name has no address: " + handOver.gatewayHost());
        }
        return handOver;
    }
}
