package dev.latchkey.sim.network;

import dev.latchkey.console.HostPort;
import dev.latchkey.sim.process.Launcher;
import dev.latchkey.sim.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One network with a cloud node and a gateway, each a process with its files in one directory:
 *
 * <pre>
 * net/operator net/cloud net/gateway net/voucher-1   as latchkey operator init makes them
 * cloud.log gateway.log                              all that the processes print
 * </pre>
 *
 * <p>Not for use by several threads, but for {@link #close}, which may come at any time and more than once.
 */
public final class LocalNetwork implements AutoCloseable {
    /** On a machine that is busy with a build beside it; normally it takes about a second. */
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private static final Duration LONGEST_COMMAND = Duration.ofSeconds(60);
    private static final String LOOPBACK = "127.0.0.1";

    private final Launcher launcher;
    private final Path directory;
    private final List<Service> members = new CopyOnWriteArrayList<>();
    private volatile Service cloud;
    private volatile Service gateway;

    private LocalNetwork(Launcher launcher, Path directory) {
        this.launcher = launcher;
        this.directory = directory;
    }

    /**
     * Makes keys, genesis and settings.
     *
     * @param cloud where the cloud node shall listen; port 0 for any free one
     * @param gateway where the gateway shall listen for devices; port 0 for any free one
     */
    public static LocalNetwork init(
            Launcher launcher, Path directory, String network, String chain, HostPort cloud, HostPort gateway)
            throws IOException, InterruptedException {
        return init(launcher, directory, network, chain, List.of(cloud), gateway);
    }

    /** The same with several cloud nodes, none at port 0: their files are in {@code net/cloud-1} and so on. */
    public static LocalNetwork init(
            Launcher launcher, Path directory, String network, String chain, List<HostPort> clouds, HostPort gateway)
            throws IOException, InterruptedException {
        LocalNetwork made = new LocalNetwork(launcher, directory);
        List<String> command = new ArrayList<>(
                List.of("operator", "init", "--dir", made.path("").toString()));
        command.addAll(List.of("--network", network, "--chain", chain, "--gateway", gateway.toString()));
        clouds.forEach(cloud -> command.addAll(List.of("--cloud", cloud.toString())));
        made.run(command.toArray(String[]::new));
        return made;
    }

    /** Loopback on whatever port is free. */
    public static HostPort anyPort() {
        return new HostPort(LOOPBACK, 0);
    }

    /** A voucher for so many joins under names that match, handed over in a file. */
    public Path voucher(String file, int uses, String names, int days) throws IOException, InterruptedException {
        Path out = directory.resolve(file);
        run(
                "operator",
                "voucher",
                "--dir",
                path("operator").toString(),
                "--uses",
                Integer.toString(uses),
                "--name",
                names,
                "--days",
                Integer.toString(days),
                "--out",
                out.toString());
        return out;
    }

    /** Runs a verb of the operator's on this network. */
    public String operator(String verb, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("operator", verb, "--dir", path("operator").toString()));
        command.addAll(List.of(more));
        return run(command.toArray(String[]::new));
    }

    private String run(String... command) throws IOException, InterruptedException {
        Launcher.Result result = launcher.run(LONGEST_COMMAND, List.of(command));
        if (result.exitCode() != 0) {
            throw new IOException("latchkey " + command[0] + " " + command[1] + " ended with " + result.exitCode()
                    + ": " + result.errors().strip());
        }
        return result.output();
    }

    public Service startCloud(String... more) throws IOException, InterruptedException {
        cloud = start("cloud", more);
        return cloud;
    }

    /** Starts the nodes of a cluster; the first one leads all groups then, and is {@link #cloud}. */
    public void startCluster(int nodes) throws IOException, InterruptedException {
        for (int i = 1; i <= nodes; i++) {
            members.add(startAt("cloud-" + i, "cloud", "cloud.conf"));
        }
        cloud = members.get(0);
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        String config = path("cloud-1/cloud.conf").toString();
        List<String> transfer = List.of("cluster", "transfer", "--config", config, "--node", "n1");
        while (launcher.run(LONGEST_COMMAND, transfer).exitCode() != 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the cluster found no leader");
            }
        }
    }

    public Service startGateway(String... more) throws IOException, InterruptedException {
        gateway = start("gateway", more);
        return gateway;
    }

    /** On whatever ports are free, at the cloud node that runs. */
    public Service startGatewayAnywhere() throws IOException, InterruptedException {
        return startGateway(
                "--cloud",
                cloud.address("https").toString(),
                "--admin-listen",
                anyPort().toString());
    }

    /** Stops the gateway cleanly and starts it again, under the addresses that it had. */
    public void restartGateway() throws IOException, InterruptedException {
        gateway.stop();
        startGateway(
                "--cloud",
                cloud.address("https").toString(),
                "--listen",
                gateway.address("coaps").toString(),
                "--admin-listen",
                gateway.address("admin").toString());
    }

    /** Begins a sibling sub-network, between which and the first one members may move; before the gateway starts. */
    public void chain(String name) throws IOException, InterruptedException {
        operator(
                "chain",
                "--name",
                name,
                "--moves-in",
                "--cloud",
                cloud.address("https").toString(),
                "--yes");
    }

    private Service start(String role, String... more) throws IOException, InterruptedException {
        return startAt(role, role, role + ".conf", more);
    }

    private Service startAt(String home, String role, String file, String... more)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of(role, "--config", path(home).resolve(file).toString()));
        arguments.addAll(List.of(more));
        return Service.start(launcher, arguments, directory.resolve(home + ".log"), LONGEST_START);
    }

    /** The running cloud node, or the one that ran last. */
    public Service cloud() {
        return cloud;
    }

    /** The running gateway, or the one that ran last. */
    public Service gateway() {
        return gateway;
    }

    /** Fails when one of the two processes that run now ends. */
    public CompletableFuture<Void> broken() {
        return CompletableFuture.anyOf(cloud.ended(), gateway.ended()).thenAccept(never -> {});
    }

    /** A file of the network, as {@code latchkey operator init} made it. */
    public Path path(String name) {
        return directory.resolve("net").resolve(name);
    }

    public Path directory() {
        return directory;
    }

    /** Stops what runs: the gateway first, so that it can hand over what it has. */
    @Override
    public void close() {
        if (gateway != null) {
            gateway.close();
        }
        if (cloud != null) {
            cloud.close();
        }
        members.forEach(Service::close);
    }

    /** Removes the directory with everything in it. */
    public static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
