package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientOptions;
import dev.latchkey.device.Acknowledged;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceException;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Returned;
import dev.latchkey.device.Unopened;
import dev.latchkey.device.Verification;
import dev.latchkey.host.EcProviders;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.ReturnedNotice;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.sim.process.Launcher;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Devices that join while the cloud is away, and what becomes of them, with real processes. */
@ExtendWith(NetworkExtension.class)
final class ProvisionalIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private DeviceThreads threads;

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        EcProviders.install();
        network.ensureInService();
        threads = new DeviceThreads(1, 2);
    }

    @AfterEach
    void end(RunningNetwork network) throws Exception {
        threads.close();
        network.ensureInService();
    }

    private static DeviceSettings settings(Verification mode) {
        return DeviceSettings.standard(EcProviders.verifier())
                .withOptions(ClientOptions.DEFAULT
                        .withRetransmission(Duration.ofMillis(500), 2)
                        .withRequestTimeout(Duration.ofSeconds(2))
                        .withHandshake(Duration.ofMillis(500), 3))
                .withPatience(Duration.ofMillis(100), Duration.ofMillis(500), LONGEST)
                .withInboxPoll(Duration.ofSeconds(1))
                .withMode(mode);
    }

    private CompletableFuture<Device> join(String name, HandOver handOver, Verification mode) {
        return Device.join(directory.resolve(name), handOver, name, settings(mode), threads);
    }

    private Device delegated(String name, HandOver handOver) throws Exception {
        return Device.await(join(name, handOver, Verification.DELEGATED), LONGEST);
    }

    private static Acknowledged send(Device from, String to, int value) throws Exception {
        Pack pack = Pack.at(Instant.now(), Record.of("count", "Cel", BigDecimal.valueOf(value)));
        return Device.await(from.send(to, pack), LONGEST);
    }

    private static final class Heard implements InboxListener {
        private final List<String> values = new CopyOnWriteArrayList<>();
        private final List<Returned> returned = new CopyOnWriteArrayList<>();
        private final List<Unopened> unopened = new CopyOnWriteArrayList<>();

        @Override
        public void received(Received pack) {
            values.add(pack.sender() + " "
                    + pack.contents().measurements().get(0).number().orElseThrow());
        }

        @Override
        public void returned(Returned readings) {
            returned.add(readings);
        }

        @Override
        public void unopened(Unopened message) {
            unopened.add(message);
        }

        void hears(String... expected) {
            await().atMost(LONGEST).untilAsserted(() -> assertThat(values).containsExactlyInAnyOrder(expected));
            assertThat(unopened).isEmpty();
        }
    }

    @Test
    void joinsWithoutTheCloudTalksToANeighbourAndIsFinalWhenTheCloudIsBack(RunningNetwork network) throws Exception {
        HandOver handOver = network.voucher(4, "p-*");
        Heard atNeighbour = new Heard();
        Heard atDevice = new Heard();
        Path unread = directory.resolve("p-late");
        try (Device neighbour = delegated("p-neighbour", handOver)) {
            neighbour.receive(atNeighbour);
            assertThat(network.files().cloud().terminate()).isZero();
            try (Device device = delegated("p-one", handOver)) {
                assertThat(device.isProvisional()).isTrue();
                assertThat(Device.await(neighbour.key("p-one", Duration.ZERO), LONGEST)
                                .isProvisional())
                        .isTrue();
                device.receive(atDevice);
                send(device, "p-neighbour", 1);
                send(neighbour, "p-one", 2);
                atNeighbour.hears("p-one 1");
                atDevice.hears("p-neighbour 2");
                CompletableFuture<Device> waits = join("p-two", handOver, Verification.SELF_VERIFIED);
                Launcher.Result byHand = ByHand.device(
                        "join",
                        "--delegated",
                        "--hand-over",
                        network.files().directory().resolve(network.newestVoucher()),
                        "--name",
                        "p-late",
                        "--dir",
                        unread);
                assertThat(byHand.errors()).isEmpty();
                assertThat(byHand.output()).contains("seattle as p-late, provisionally", "none yet");
                send(neighbour, "p-late", 3);
                assertThat(waits).isNotDone();

                network.startCloud();

                Device.await(device.settled(), LONGEST);
                assertThat(device.isProvisional()).isFalse();
                assertThat(device.recordHeight()).isPositive();
                assertThat(Device.await(device.key("p-one"), LONGEST).record().isActive())
                        .isTrue();
                send(device, "p-neighbour", 4);
                send(neighbour, "p-one", 5);
                atNeighbour.hears("p-one 1", "p-one 4");
                atDevice.hears("p-neighbour 2", "p-neighbour 5");
                Device.await(waits, LONGEST).close();
            }
            // It slept: what came while it was provisional waits for it.
            Launcher.Result woken = ByHand.device("recv", "--delegated", "--dir", unread, "--count", "1");
            assertThat(woken.errors()).isEmpty();
            assertThat(woken.output()).contains("p-neighbour  count  3 Cel");
        }
        await().atMost(LONGEST).until(() -> network.status().outboxMessages() == 0);
        assertThat(network.status().refusedMessages()).isZero();
    }

    /** The gateway is alone, the cloud is not: at another gateway somebody takes the name. Then the gateway is killed. */
    @Test
    void isRefusedWhenTheChainGaveTheNameToAnother(RunningNetwork network) throws Exception {
        HandOver handOver = network.voucher(3, "q-*");
        HandOver elsewhere = at(network.ensureSecondGateway(), handOver);
        Heard atNeighbour = new Heard();
        try (Device neighbour = delegated("q-neighbour", handOver)) {
            neighbour.receive(atNeighbour);
            network.files().gateway().terminate();
            network.startGatewayAlone();
            try (Device device = delegated("q-one", handOver)) {
                Acknowledged first = send(neighbour, "q-one", 1);
                send(neighbour, "q-one", 2);
                assertThat(device.isProvisional()).isTrue();
                Path other = directory.resolve("other");
                Device.await(
                                Device.join(other, elsewhere, "q-one", settings(Verification.SELF_VERIFIED), threads),
                                LONGEST)
                        .close();
                network.files().gateway().kill();
                network.startGateway();

                DeviceException refused =
                        catchThrowableOfType(DeviceException.class, () -> Device.await(device.settled(), LONGEST));

                assertThat(refused.kind()).isEqualTo(DeviceException.Kind.REFUSED);
                assertThat(refused.problemCode()).contains("name-taken");
                Returned expected =
                        new Returned("q-one", first.session(), "name-taken", List.of(new ReturnedNotice.Range(0, 1)));
                await().atMost(LONGEST)
                        .untilAsserted(() -> assertThat(atNeighbour.returned).containsExactly(expected));
            }
        } finally {
            network.ensureSecondGateway().close();
        }
        try (Device again = Device.await(
                Device.join(
                        directory.resolve("q-one"), handOver, "q-three", settings(Verification.SELF_VERIFIED), threads),
                LONGEST)) {
            assertThat(again.isProvisional()).isFalse();
        }
    }

    private static HandOver at(SecondGateway gateway, HandOver of) throws Exception {
        return new HandOver(
                of.network(),
                of.chainName(),
                of.chain(),
                gateway.address().name(),
                gateway.address().host(),
                gateway.address().port(),
                gateway.dtls(),
                of.voucher(),
                of.voucherKey(),
                of.presharedKey());
    }
}
