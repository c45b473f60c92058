package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientOptions;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.GatewayAddress;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Unopened;
import dev.latchkey.host.EcProviders;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.sim.fleet.DeviceNames;
import dev.latchkey.sim.process.Launcher;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One sub-network, two gateways, members who go from one to the other: what was sent arrives, and once. */
@ExtendWith(NetworkExtension.class)
final class TwoGatewaysIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int BATCH = 5;

    @TempDir
    private Path directory;

    @BeforeAll
    static void fastKeys() {
        EcProviders.install();
    }

    @AfterAll
    static void leaveOneGateway(RunningNetwork network) throws Exception {
        network.ensureSecondGateway().close();
    }

    private static DeviceSettings impatient() {
        return DeviceSettings.standard(EcProviders.verifier())
                .withOptions(ClientOptions.DEFAULT
                        .withRetransmission(Duration.ofMillis(500), 2)
                        .withRequestTimeout(Duration.ofSeconds(4))
                        .withHandshake(Duration.ofMillis(500), 3))
                .withPatience(Duration.ofMillis(200), Duration.ofSeconds(1), LONGEST)
                .withInboxPoll(Duration.ofSeconds(2));
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    /** All that was delivered, over every start of the recipient, as often as it was. */
    private static final class Heard implements InboxListener {
        private final List<Integer> values = new CopyOnWriteArrayList<>();
        private final List<String> dropped = new CopyOnWriteArrayList<>();

        @Override
        public void received(Received pack) {
            values.add(
                    pack.contents().measurements().get(0).number().orElseThrow().intValue());
        }

        @Override
        public void unopened(Unopened message) {
            dropped.add(message.reason());
        }

        void hears(List<Integer> expected) {
            await().atMost(LONGEST)
                    .untilAsserted(() -> assertThat(values).containsExactlyInAnyOrderElementsOf(expected));
            assertThat(dropped).isEmpty();
        }
    }

    /** One batch of numbered readings, each acknowledged before the next is sealed. */
    private static void send(Device from, String to, int batch) throws Exception {
        for (int number : numbers(batch)) {
            done(from.send(to, Pack.at(Instant.now(), Record.of("count", "Cel", BigDecimal.valueOf(number)))));
        }
    }

    private static List<Integer> numbers(int... batches) {
        return IntStream.of(batches)
                .flatMap(batch -> IntStream.range(batch * BATCH, (batch + 1) * BATCH))
                .boxed()
                .toList();
    }

    /**
     * Batch 0 goes the usual way. Batch 1 is on the first gateway's disk alone when that is killed. Both members go to the
     * second gateway, which has batch 2 read while batch 1 lies; then the first comes back, and the sender to it.
     */
    @Test
    void membersWhoRoamBetweenGatewaysGetEverythingOnce(RunningNetwork network) throws Exception {
        network.ensureInService();
        SecondGateway gateway2 = network.ensureSecondGateway();
        HandOver handOver = network.voucher(2, "d-*");
        GatewayAddress first =
                new GatewayAddress(handOver.gatewayName(), handOver.gatewayHost(), handOver.gatewayPort());
        GatewayAddress second = gateway2.address();
        List<String> names = DeviceNames.random(new Random(), 2);
        String recipient = names.get(1);
        Path sendersFiles = directory.resolve("sender");
        Path recipientsFiles = directory.resolve("recipient");
        Heard heard = new Heard();
        try (DeviceThreads threads = new DeviceThreads(1, 2)) {
            try (Device sender = done(Device.join(sendersFiles, handOver, names.get(0), impatient(), threads))) {
                try (Device reading = done(Device.join(recipientsFiles, handOver, recipient, impatient(), threads))) {
                    reading.receive(heard);
                    send(sender, recipient, 0);
                    heard.hears(numbers(0));
                }
                network.files().cloud().kill();
                send(sender, recipient, 1);
            }
            network.files().gateway().kill();
            network.startCloud();

            try (Device reading = done(Device.open(recipientsFiles, second, impatient(), threads))) {
                reading.receive(heard);
                try (Device sender = done(Device.open(sendersFiles, second, impatient(), threads))) {
                    assertThat(sender.gatewayName()).isEqualTo(SecondGateway.NAME);
                    send(sender, recipient, 2);
                }
                heard.hears(numbers(0, 2));

                network.startGateway();
                heard.hears(numbers(0, 1, 2));
                Launcher.Result changed = ByHand.device(
                        "gateway",
                        "--dir",
                        sendersFiles,
                        "--name",
                        first.name(),
                        "--address",
                        first.host() + ":" + first.port());
                assertThat(changed.errors()).isEmpty();
                assertThat(changed.output()).contains(first.name() + " at " + first.host() + ":" + first.port());
                try (Device sender = done(Device.open(sendersFiles, impatient(), threads))) {
                    send(sender, recipient, 3);
                    heard.hears(numbers(0, 1, 2, 3));
                    done(reading.changeGateway(first));
                    send(sender, recipient, 4);
                    heard.hears(numbers(0, 1, 2, 3, 4));
                    done(sender.changeGateway(second));
                    send(sender, recipient, 5);
                    heard.hears(numbers(0, 1, 2, 3, 4, 5));
                }
            }
        }
    }
}
