package dev.latchkey.sim.demo;

import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.coap.relay.Traffic;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.fleet.DeviceNames;
import dev.latchkey.sim.fleet.Plan;
import dev.latchkey.sim.fleet.Supply;
import dev.latchkey.sim.fleet.Tempo;
import dev.latchkey.sim.measure.Meter;
import dev.latchkey.sim.network.GatewayStatus;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.network.LocalNetwork;
import dev.latchkey.sim.process.Launcher;
import dev.latchkey.sim.scenario.Brief;
import dev.latchkey.sim.scenario.Campaign;
import dev.latchkey.sim.scenario.Place;
import dev.latchkey.sim.scenario.Script;
import dev.latchkey.sim.scenario.Undo;
import dev.latchkey.sim.source.WeatherSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** The course of a demo. For use by one thread, once. */
final class Demo {
    private static final String NETWORK = "city";
    private static final String CHAIN = "seattle";
    /** How long the operator lets the fleet join. */
    private static final int VOUCHER_DAYS = 1;

    /** Joins and key queries that are under way at once: a fleet that is switched on is not one that attacks. */
    private static final int JOINS_AT_A_TIME = 4;

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Screen screen;
    private final Launcher launcher;
    private final Path directory;
    private final FleetOptions options;
    private final boolean removable;
    private final long began = System.nanoTime();

    /** @param removable whether nobody needs the directory after a success */
    Demo(Screen screen, Launcher launcher, Path directory, FleetOptions options, boolean removable) {
        this.screen = screen;
        this.launcher = launcher;
        this.directory = directory;
        this.options = options;
        this.removable = removable;
    }

    /** @return whether every reading was opened by its recipient and equals its source */
    boolean run() throws IOException, InterruptedException {
        screen.line("Latchkey demo: " + options.devices() + " handhelds, " + Units.count(options.readings())
                + " readings, seed " + options.seed());
        boolean fulfilled = false;
        try (Undo undo = new Undo(() -> screen.line("stopped; files are kept in " + directory))) {
            fulfilled = runOrEnd(undo);
        } catch (IOException | RuntimeException e) {
            screen.line("failed; files and logs are kept in " + directory);
            throw e;
        }
        finish(fulfilled);
        return fulfilled;
    }

    private boolean runOrEnd(Undo undo) throws IOException, InterruptedException {
        try {
            return run(undo);
        } finally {
            undo.orEnd();
        }
    }

    private boolean run(Undo undo) throws IOException, InterruptedException {
        LocalNetwork network = start(undo);
        HandOver handOver = HandOverFile.read(network.voucher("fleet-voucher", options.devices(), "d-*", VOUCHER_DAYS));
        Findings findings = campaign(undo, network, handOver);
        show(network, handOver, findings);
        findings.account().faults().forEach(fault -> screen.line("  " + fault));
        return findings.account().isFulfilled();
    }

    private Findings campaign(Undo undo, LocalNetwork network, HandOver handOver)
            throws IOException, InterruptedException {
        EcProviders.install();
        Supply weather = Supply.of(WeatherSource.seattle().observations());
        Plan plan = Plan.of(
                DeviceNames.random(new Random(options.seed()), options.devices()), weather.size(), options.seed());
        Brief brief = new Brief(
                plan,
                weather,
                "days of Seattle's weather",
                Tempo.AT_ONCE,
                options.readings(),
                Optional.empty(),
                JOINS_AT_A_TIME,
                options.devices(),
                DeviceSettings.standard(EcProviders.verifier()).withPatience(FIRST_WAIT, LONGEST_WAIT, PATIENCE),
                Script.NOTHING);
        InetSocketAddress gateway = network.gateway().address("coaps").address();
        // What handhelds send that nobody sends to: no inbox is in the way.
        ImpairmentRelay relay = undo.add(new ImpairmentRelay(gateway, options.seed()));
        Set<String> metered = plan.onlySenders();
        Place place = new Place(
                Files.createDirectory(directory.resolve("devices")),
                handOver,
                name -> metered.contains(name) ? relay.address() : gateway,
                network::broken);
        Meter meter = Meter.started();
        Campaign campaign = new Campaign(screen, undo, brief, place, meter, true);
        campaign.join();
        campaign.prove();
        Traffic up = relay.up();
        Traffic down = relay.down();
        campaign.send();
        return new Findings(
                campaign.account(),
                meter.timeline(),
                Findings.OnWire.of(
                        relay.up().since(up).applicationData(),
                        relay.down().since(down).applicationData()));
    }

    private LocalNetwork start(Undo undo) throws IOException, InterruptedException {
        screen.phase(
                "make: keys of operator, administrator, cloud and gateway, and the genesis of sub-network " + CHAIN);
        LocalNetwork network = undo.add(
                LocalNetwork.init(launcher, directory, NETWORK, CHAIN, LocalNetwork.anyPort(), LocalNetwork.anyPort()));
        screen.phase("start: cloud node and gateway, each a process of its own");
        screen.line("  cloud    in service  https " + network.startCloud().address("https"));
        network.startGatewayAnywhere();
        screen.line("  gateway  in service  coaps " + network.gateway().address("coaps") + "  (every block verified)");
        return network;
    }

    private void show(LocalNetwork network, HandOver handOver, Findings findings)
            throws IOException, InterruptedException {
        Table table = new Table("what", "figure", "");
        if (network.gateway().isAlive()) {
            GatewayStatus status = GatewayStatus.ask(
                    network.gateway().address("admin"),
                    KeyFile.read(network.path("operator/admin/dtls.pem")),
                    handOver.gatewayDtls());
            table.row("members", status.members(), "on the chain: the fleet, its gateway and its administrator");
            table.row("blocks", status.announced() + 1, "ordered by the cloud, block 0 included");
            table.row("height verified", status.height(), "by the gateway, every rule and signature");
        }
        findings.addTo(table);
        screen.line("");
        screen.table(table);
        screen.line("");
    }

    private void finish(boolean fulfilled) throws IOException {
        String took = Units.text(Duration.ofNanos(System.nanoTime() - began));
        if (fulfilled) {
            screen.line("Every reading was opened by its recipient and equals its source. (" + took + ")");
        } else {
            screen.line("Not every reading arrived as it was sent; those that did not stand above. (" + took + ")");
        }
        if (fulfilled && removable) {
            LocalNetwork.delete(directory);
        } else {
            screen.line("files and logs are kept in " + directory);
        }
    }
}
