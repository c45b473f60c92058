package dev.latchkey.sim.bench;

import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.console.HostPort;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.Verification;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.network.LocalNetwork;
import dev.latchkey.sim.process.Launcher;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A cloud node and a gateway as processes, a relay in front of the gateway, and the directories of devices that talk
 * through it from this process. For one thread.
 */
final class DeviceTown implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** As often as this takes nothing from what is measured, and waits less for what is new. */
    private static final String OFTEN = "\nreplica.checkpoint-interval = 100 ms\n";
    /** What a device cannot do without: keys and the place where it is a member. */
    private static final List<String> KEPT = List.of(".pem", "membership");

    private final Path directory;
    private final LocalNetwork network;
    private final ImpairmentRelay relay;
    private final HandOver handOver;
    private final DeviceThreads threads = new DeviceThreads(2, 2);
    private final DeviceSettings settings = DeviceSettings.standard(EcProviders.verifier());

    private DeviceTown(Path directory, LocalNetwork network, int devices) throws IOException, InterruptedException {
        this.directory = directory;
        this.network = network;
        HandOver given = HandOverFile.read(network.voucher("bench-voucher", devices, "d-*", 1));
        relay = new ImpairmentRelay(network.gateway().address("coaps").address(), 1);
        handOver = HandOverFile.at(given, relay.address());
    }

    /** Starts the processes; {@link #close} stops them and removes the directory. */
    static DeviceTown start(Launcher launcher, int devices) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("latchkey-bench-");
        LocalNetwork network = LocalNetwork.init(
                launcher, directory, "city", "seattle", LocalNetwork.anyPort(), LocalNetwork.anyPort());
        // Where it fails, the directory stays, with the logs of both.
        try {
            Files.writeString(network.path("gateway/gateway.conf"), OFTEN, StandardOpenOption.APPEND);
            HostPort cloud = network.startCloud().address("https");
            network.startGateway(
                    "--cloud",
                    cloud.toString(),
                    "--admin-listen",
                    LocalNetwork.anyPort().toString());
            return new DeviceTown(directory, network, devices);
        } catch (IOException | InterruptedException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    ImpairmentRelay relay() {
        return relay;
    }

    static String name(int number) {
        return "d-" + number;
    }

    Device join(int number) throws Exception {
        return done(Device.join(place(number), handOver, name(number), settings, threads));
    }

    Device open(int number, Verification mode) throws Exception {
        return done(Device.open(place(number), settings.withMode(mode), threads));
    }

    /** Connects as the administrator: to members the gateway hands out no whole blocks, which spares them. */
    BlockFetch blocks() throws IOException {
        return new BlockFetch(
                relay.address(), KeyFile.read(network.path("operator/admin/dtls.pem")), handOver.gatewayDtls());
    }

    ChainId chain() {
        return handOver.chain();
    }

    /** Removes from a closed device's directory whatever it knows about others. */
    void forget(int number) throws IOException {
        try (var files = Files.walk(place(number))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (Files.isRegularFile(file) && KEPT.stream().noneMatch(file.toString()::endsWith)) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path place(int number) {
        return directory.resolve(name(number));
    }

    static <T> T done(CompletableFuture<T> future) throws Exception {
        return Device.await(future, LONGEST);
    }

    /** Waits until the gateway hands out a checkpoint of at least a height. */
    static void awaitHeight(Device device, long height) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (done(device.checkpoint()).checkpoint().height() < height) {
            if (System.nanoTime() > end) {
                throw new IOException("the gateway's checkpoint stays behind");
            }
        }
    }

    @Override
    public void close() throws IOException {
        threads.close();
        relay.close();
        network.close();
        LocalNetwork.delete(directory);
    }
}
