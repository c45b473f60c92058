package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.envelope.Addressee;
import dev.latchkey.envelope.Author;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.CounterStore;
import dev.latchkey.envelope.Opened;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.envelope.SessionEndedException;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.bench.sealing.SamplePack;
import dev.latchkey.sim.network.GatewayStatus;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.network.LocalNetwork;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A cloud node and a gateway as processes, and members of their chain, each with an open session to seal readings in.
 * The readings are for the operators' admin, whom this gateway does not serve: they go to its queue for the cloud. For
 * one thread.
 */
final class IngestTown implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final CounterStore NO_DISK = state -> {};
    private static final String RECIPIENT = "admin-1";

    /** Readings that one session can seal. */
    static final int SESSION_READINGS = 65_536;

    /** What one connection may send is not what is measured; and the queue has room for the whole of it. */
    private static final String SETTINGS = """

            coap.requests-per-second = 1000000
            coap.request-burst = 1000000
            coap.connections-per-member = 64
            limits.outbox = 16 GiB
            limits.sessions-per-member = 1000
            """;

    private final Path directory;
    private final LocalNetwork network;
    private final List<Member> members = new ArrayList<>();
    private final ClientThreads threads = new ClientThreads(2);
    private final KeyPair admin;
    private HandOver handOver;
    private ChainContext context;
    private Addressee recipient;
    private boolean paused;

    /** A member and what it seals in. */
    private static final class Member {
        final KeyPair dtls;
        final Author author;
        SendingSession session;
        int sealed;

        Member(Path keys, String name, SecureRandom random) throws IOException {
            dtls = KeyFile.read(keys.resolve("dtls.pem"));
            author = new Author(name, KeyFile.read(keys.resolve("sig.pem")), random);
        }
    }

    private IngestTown(Path directory, LocalNetwork network) throws IOException {
        this.directory = directory;
        this.network = network;
        admin = KeyFile.read(network.path("operator/admin/dtls.pem"));
    }

    /**
     * Starts the processes and lets members join; {@link #close} stops them and removes the directory.
     *
     * @param gatewaySettings more lines of its settings file
     */
    static IngestTown start(Launcher launcher, int members, String gatewaySettings) throws Exception {
        Path directory = Files.createTempDirectory("latchkey-bench-");
        LocalNetwork network = LocalNetwork.init(
                launcher, directory, "city", "seattle", LocalNetwork.anyPort(), LocalNetwork.anyPort());
        // Where it fails, the directory stays, with the logs of both.
        try {
            Files.writeString(
                    network.path("gateway/gateway.conf"), SETTINGS + gatewaySettings, StandardOpenOption.APPEND);
            network.startCloud();
            network.startGatewayAnywhere();
            IngestTown town = new IngestTown(directory, network);
            town.join(members);
            return town;
        } catch (Exception e) {
            network.close();
            throw e;
        }
    }

    private void join(int count) throws Exception {
        HandOver given = HandOverFile.read(network.voucher("bench-voucher", count, "d-*", 1));
        handOver = HandOverFile.at(given, network.gateway().address("coaps").address());
        DeviceSettings settings = DeviceSettings.standard(EcProviders.verifier());
        SecureRandom random = new SecureRandom();
        try (DeviceThreads joining = new DeviceThreads(2, 2)) {
            List<CompletableFuture<Device>> joins = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                joins.add(Device.join(place(i), handOver, DeviceTown.name(i), settings, joining));
            }
            List<Device> devices = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                devices.add(DeviceTown.done(joins.get(i)));
                members.add(new Member(place(i), DeviceTown.name(i), random));
            }
            long newest = devices.stream().mapToLong(Device::recordHeight).max().orElseThrow();
            DeviceTown.awaitHeight(devices.get(0), newest);
            var checkpoint = DeviceTown.done(devices.get(0).checkpoint()).checkpoint();
            context = new ChainContext(
                    handOver.chain(), handOver.chainName(), checkpoint.height(), checkpoint.blockHash());
            recipient = new Addressee(
                    RECIPIENT,
                    DeviceTown.done(devices.get(0).key(RECIPIENT))
                            .record()
                            .keys()
                            .kex());
            devices.forEach(Device::close);
        }
        refresh(0);
    }

    /**
     * Opens a new session for each member that could not seal so many readings in the one it has.
     *
     * @param readings of one member, at most 65,536
     */
    void refresh(int readings) throws Exception {
        for (Member member : members) {
            if (member.session == null || member.sealed + readings > SESSION_READINGS) {
                Opened opened = member.author.open(context, List.of(recipient), Instant.now(), NO_DISK);
                try (CoapsClient client = CoapsClient.connect(
                        address(),
                        new ClientIdentity.RawKey(member.dtls),
                        handOver.gatewayDtls()::equals,
                        ClientOptions.DEFAULT,
                        threads)) {
                    CoapResponse answer = client.send(
                                    ClientRequest.post("/m", ContentFormat.COSE_SIGN1, opened.opener()))
                            .get(LONGEST.toSeconds(), TimeUnit.SECONDS);
                    if (!answer.code().equals(Code.CHANGED)) {
                        throw new IOException("the gateway did not take an opener: " + answer.code());
                    }
                }
                member.session = opened.session();
                member.sealed = 0;
            }
        }
    }

    /** The next reading of the member that is behind a connection. */
    Bytes reading(int connection) {
        Member member = members.get(connection % members.size());
        member.sealed++;
        try {
            return member.session.seal(SamplePack.CBOR).message();
        } catch (SessionEndedException e) {
            throw new IllegalStateException("a round was longer than what was prepared for it", e);
        }
    }

    /** The DTLS key of the member behind each of so many connections. */
    List<KeyPair> keys(int connections) {
        List<KeyPair> keys = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            keys.add(members.get(i % members.size()).dtls);
        }
        return keys;
    }

    InetSocketAddress address() {
        return network.gateway().address("coaps").address();
    }

    long gatewayPid() {
        return network.gateway().pid();
    }

    /** CPU time of the gateway's whole process so far. */
    Duration gatewayCpu() throws IOException {
        return ProcessHandle.of(gatewayPid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IOException("the system does not tell a process's CPU time"));
    }

    HandOver handOver() {
        return handOver;
    }

    GatewayStatus status() throws IOException, InterruptedException {
        return GatewayStatus.ask(network.gateway().address("admin"), admin, handOver.gatewayDtls());
    }

    /** Stops the cloud's process where it is, or lets it go on. */
    void pauseCloud(boolean pause) throws IOException, InterruptedException {
        if (pause != paused) {
            new ProcessBuilder(
                            "kill",
                            pause ? "-STOP" : "-CONT",
                            Long.toString(network.cloud().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            paused = pause;
        }
    }

    private Path place(int number) {
        return directory.resolve(DeviceTown.name(number));
    }

    @Override
    public void close() throws IOException {
        try {
            pauseCloud(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.close();
        network.close();
        LocalNetwork.delete(directory);
    }
}
