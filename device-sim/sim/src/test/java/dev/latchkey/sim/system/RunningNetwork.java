package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.HostPort;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.network.GatewayStatus;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.network.LocalNetwork;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A network whose processes can be stopped, killed and started again under the same addresses. */
final class RunningNetwork implements AutoCloseable {
    /** New records are asked for as soon as they are made, and each would wait for the next checkpoint. */
    private static final String OFTEN = "\nreplica.checkpoint-interval = 100 ms\n";

    /** All that can be logged is, and looked through: in one network of a run, since it takes a fifth more time. */
    private static final String LOG = "\nlog.level = trace\n";

    private static final String PROVISIONAL = "provisional.allowed = true\n";

    private final LocalNetwork network;
    private final HostPort cloud;
    private final HostPort gateway;
    private final HostPort admin;
    private final AtomicInteger vouchers = new AtomicInteger();
    private boolean severalChains;
    private Optional<SecondGateway> second = Optional.empty();

    private RunningNetwork(LocalNetwork network, HostPort cloud, HostPort gateway, HostPort admin) {
        this.network = network;
        this.cloud = cloud;
        this.gateway = gateway;
        this.admin = admin;
    }

    /** With all that can be logged, if it is to be talkative. */
    static RunningNetwork start(boolean talkative) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("latchkey-test-");
        HostPort cloud = Checkout.freeTcp();
        HostPort gateway = Checkout.freeUdp();
        LocalNetwork made = LocalNetwork.init(Checkout.launcher(), directory, "city", "seattle", cloud, gateway);
        append(made.path("gateway/gateway.conf"), OFTEN + PROVISIONAL);
        if (talkative) {
            append(made.path("gateway/gateway.conf"), LOG);
            append(made.path("cloud/cloud.conf"), LOG);
        }
        RunningNetwork running = new RunningNetwork(made, cloud, gateway, Checkout.freeUdp());
        running.startCloud();
        running.startGateway();
        return running;
    }

    private static void append(Path settings, String more) throws IOException {
        Files.writeString(settings, more, StandardOpenOption.APPEND);
    }

    /** Starts what an earlier test may have left stopped. */
    void ensureInService() throws IOException, InterruptedException {
        if (!network.cloud().isAlive()) {
            startCloud();
        }
        if (!network.gateway().isAlive()) {
            startGateway();
        }
    }

    /** Two sub-networks between which members may move, both behind the one gateway. */
    void ensureSecondChain() throws IOException, InterruptedException {
        if (!severalChains) {
            network.operator("chain", "--name", "tacoma", "--moves-in", "--yes");
            Launcher.Result served = admin("config", "unset", "chains");
            assertThat(served.output()).as(served.errors()).contains("tacoma");
            severalChains = true;
        }
    }

    /** A second gateway of the first sub-network, in service. */
    SecondGateway ensureSecondGateway() throws IOException, InterruptedException {
        if (second.isEmpty()) {
            second = Optional.of(SecondGateway.admitted(network));
        }
        second.get().ensureInService();
        return second.get();
    }

    /** Tickets for the keys in a file; the one for a name. */
    Path endorse(Path csv, String name) throws IOException, InterruptedException {
        Path tickets = network.directory().resolve("tickets-" + vouchers.incrementAndGet());
        network.operator("endorse", csv.toString(), "--out", tickets.toString(), "--yes");
        return tickets.resolve(name + ".ticket");
    }

    void startCloud() throws IOException, InterruptedException {
        network.startCloud();
    }

    void startGateway() throws IOException, InterruptedException {
        network.startGateway("--admin-listen", admin.toString());
    }

    /** With nobody at the cloud's address. */
    void startGatewayAlone() throws IOException, InterruptedException {
        HostPort nobody = Checkout.freeTcp();
        network.startGateway("--admin-listen", admin.toString(), "--cloud", nobody.toString());
    }

    /** No role has written a secret of the network to its log until now. */
    void requireSecretsKept() throws IOException {
        LoggedSecrets.requireNone(network.directory());
    }

    LocalNetwork files() {
        return network;
    }

    HostPort cloud() {
        return cloud;
    }

    InetSocketAddress gateway() {
        return gateway.address();
    }

    /** For so many joins. */
    HandOver voucher(int uses, String names) throws IOException, InterruptedException {
        return HandOverFile.read(network.voucher("voucher-" + vouchers.incrementAndGet(), uses, names, 1));
    }

    /** The file of the voucher that was made last. */
    String newestVoucher() {
        return "voucher-" + vouchers.get();
    }

    /** {@code latchkey admin ...} by the administrator. */
    Launcher.Result admin(String... command) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("admin"));
        arguments.addAll(List.of(command));
        arguments.addAll(List.of("--key", network.path("operator/admin").toString(), "--gateway", admin.toString()));
        return Checkout.launcher().run(Duration.ofSeconds(60), arguments);
    }

    /** What the gateway says about itself to the administrator. */
    GatewayStatus status() throws IOException, InterruptedException {
        KeyPair key = KeyFile.read(network.path("operator/admin/dtls.pem"));
        return GatewayStatus.ask(
                admin, key, KeyFile.read(network.path("gateway/keys/dtls.pem")).publicKey());
    }

    @Override
    public void close() throws IOException {
        second.ifPresent(SecondGateway::close);
        network.close();
        if (!Boolean.getBoolean("latchkey.test.keep")) {
            LocalNetwork.delete(network.directory());
        }
    }
}
