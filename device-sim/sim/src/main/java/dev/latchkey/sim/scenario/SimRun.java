package dev.latchkey.sim.scenario;

import dev.latchkey.coap.ClientOptions;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Units;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.host.EcProviders;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.fleet.DeviceNames;
import dev.latchkey.sim.fleet.Plan;
import dev.latchkey.sim.measure.LiveView;
import dev.latchkey.sim.measure.Meter;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.network.LocalNetwork;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** The course of a simulation. For use by one thread, once. */
final class SimRun {
    private static final String NETWORK = "city";
    private static final String CHAIN = "seattle";
    private static final String SIBLING = "tacoma";
    private static final int VOUCHER_DAYS = 1;
    private static final int CHANGES_AT_A_TIME = 4;

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration INBOX_POLL = Duration.ofSeconds(10);

    /** A gateway that is back, or datagrams that got lost, are to be noticed within seconds. */
    private static final ClientOptions INSISTENT = ClientOptions.DEFAULT
            .withRetransmission(Duration.ofSeconds(1), 3)
            .withRequestTimeout(Duration.ofSeconds(16))
            .withHandshake(Duration.ofSeconds(1), 4);

    private final Screen screen;
    private final ScenarioName scenario;
    private final SimOptions options;
    private final SourceOptions.Chosen source;
    private final EventOptions events;
    private final Impairments impairments;
    private final Optional<HandOver> handOver;
    private final Optional<Launcher> launcher;
    private final boolean keep;

    /**
     * @param handOver what a network that somebody runs hands out; without it this makes one of its own
     * @param launcher starts its processes then
     */
    SimRun(
            Screen screen,
            ScenarioName scenario,
            SimOptions options,
            SourceOptions.Chosen source,
            EventOptions events,
            Impairments impairments,
            Optional<HandOver> handOver,
            Optional<Launcher> launcher,
            boolean keep) {
        this.screen = screen;
        this.scenario = scenario;
        this.options = options;
        this.source = source;
        this.events = events;
        this.impairments = impairments;
        this.handOver = handOver;
        this.launcher = launcher;
        this.keep = keep;
    }

    /** @return whether all went as it should */
    boolean run() throws IOException, InterruptedException {
        screen.line("Latchkey sim: " + scenario + ", " + Units.count(options.devices()) + " handhelds, seed "
                + options.seed());
        Path directory = Files.createTempDirectory("latchkey-sim-");
        boolean passed;
        try (Undo undo = new Undo(() -> screen.line("stopped; files are kept in " + directory))) {
            passed = runOrEnd(undo, directory);
        } catch (IOException | RuntimeException e) {
            screen.line("failed; files and logs are kept in " + directory);
            throw e;
        }
        if (passed && !keep) {
            LocalNetwork.delete(directory);
        } else {
            screen.line("files and logs are kept in " + directory);
        }
        return passed;
    }

    private boolean runOrEnd(Undo undo, Path directory) throws IOException, InterruptedException {
        try {
            return run(undo, directory);
        } finally {
            undo.orEnd();
        }
    }

    private boolean run(Undo undo, Path directory) throws IOException, InterruptedException {
        EcProviders.install();
        Plan plan = Plan.of(
                DeviceNames.random(new Random(options.seed()), options.devices()),
                source.supply().size(),
                options.seed());
        List<List<Step>> changes = scenario == ScenarioName.CHURN
                ? ChurnScript.of(plan.members(), events.changes(options.devices()), CHANGES_AT_A_TIME, options.seed())
                : List.of();
        Optional<LocalNetwork> network =
                launcher.isPresent() ? Optional.of(start(undo, launcher.get(), directory)) : Optional.empty();
        HandOver known = network.isPresent()
                ? HandOverFile.read(network.get()
                        .voucher("fleet-voucher", options.devices() + ChurnScript.joins(changes), "d-*", VOUCHER_DAYS))
                : handOver.orElseThrow();
        // The hand-over of a network of our own was written before the gateway chose its port.
        InetSocketAddress gateway =
                network.isPresent() ? network.get().gateway().address("coaps").address() : HandOverFile.gateway(known);
        Wire wire = undo.add(Wire.to(gateway, impairments, options.seed()));
        Meter meter = Meter.started();
        meter.wire(wire::counts);
        Place place = new Place(
                Files.createDirectory(directory.resolve("devices")),
                known,
                name -> wire.address(),
                () -> network.map(LocalNetwork::broken).orElseGet(CompletableFuture::new));
        Campaign campaign = new Campaign(screen, undo, brief(plan, script(changes, network)), place, meter, false);
        LiveView view = undo.add(LiveView.of(screen, meter));
        try {
            campaign.join();
            campaign.prove();
            campaign.send();
        } finally {
            view.close();
        }
        return Reports.show(
                Reports.of(scenario, options, settings(), campaign.account(), wire, meter), screen, options);
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("devices", Units.count(options.devices()));
        settings.put("source", source.title());
        settings.put("readings at once", Units.count(options.atOnce()));
        settings.put("joins at once", Units.count(options.joins()));
        options.duration().ifPresent(limit -> settings.put("duration", Units.text(limit)));
        if (impairments.any()) {
            settings.put("datagrams, each way", impairments.toString());
        }
        return settings;
    }

    private Brief brief(Plan plan, Script script) {
        DeviceSettings settings = DeviceSettings.standard(EcProviders.verifier())
                .withOptions(INSISTENT)
                .withInboxPoll(INBOX_POLL)
                .withPatience(FIRST_WAIT, LONGEST_WAIT, PATIENCE);
        return new Brief(
                plan,
                source.supply(),
                source.title(),
                source.tempo(),
                options.readings(source.readings()),
                options.duration(),
                options.joins(),
                options.atOnce(),
                settings,
                script);
    }

    private Script script(List<List<Step>> changes, Optional<LocalNetwork> network) {
        return switch (scenario) {
            case WEATHER, CSV, HOST, LOSSY -> Script.NOTHING;
            case COMMUTE ->
                new Commute(events.to().orElse(SIBLING), events.commuters(), events.trips(), options.seed());
            case STORM ->
                new Storm(
                        events.stormsGateway(network.isPresent())
                                ? network.map(own -> own::restartGateway)
                                : Optional.empty());
            case CHURN -> new Churn(changes);
        };
    }

    private LocalNetwork start(Undo undo, Launcher with, Path directory) throws IOException, InterruptedException {
        screen.phase("make: a network of its own, cloud node and gateway each a process");
        LocalNetwork network = undo.add(
                LocalNetwork.init(with, directory, NETWORK, CHAIN, LocalNetwork.anyPort(), LocalNetwork.anyPort()));
        network.startCloud();
        if (scenario == ScenarioName.COMMUTE) {
            network.chain(SIBLING);
        }
        network.startGatewayAnywhere();
        return network;
    }
}
