package dev.latchkey.sim.demo;

import dev.latchkey.console.HostPort;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.network.GatewayStatus;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.network.LocalNetwork;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The course of a demo. For use by one thread, once. */
final class Demo {
    private static final String NETWORK = "city";
    private static final String CHAIN = "seattle";
    /** How long the operator lets the fleet join. */
    private static final int VOUCHER_DAYS = 1;

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
        HostPort gateway = network.gateway().address("coaps");
        Path devices = Files.createDirectory(directory.resolve("devices"));
        Findings findings =
                new Campaign(screen, undo, options, devices, handOver, gateway.address(), network.broken()).run();
        show(network, handOver, findings);
        findings.account().faults().forEach(fault -> screen.line("  " + fault));
        return findings.account().isFulfilled();
    }

    private LocalNetwork start(Undo undo) throws IOException, InterruptedException {
        screen.phase(
                "make: keys of operator, administrator, cloud and gateway, and the genesis of sub-network " + CHAIN);
        LocalNetwork network = undo.add(
                LocalNetwork.init(launcher, directory, NETWORK, CHAIN, LocalNetwork.anyPort(), LocalNetwork.anyPort()));
        screen.phase("start: cloud node and gateway, each a process of its own");
        HostPort cloud = network.startCloud().address("https");
        screen.line("  cloud    in service  https " + cloud);
        network.startGateway(
                "--cloud",
                cloud.toString(),
                "--admin-listen",
                LocalNetwork.anyPort().toString());
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
