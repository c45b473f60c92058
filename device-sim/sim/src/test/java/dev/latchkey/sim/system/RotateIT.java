package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientOptions;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceException;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Unopened;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.sim.fleet.DeviceNames;
import dev.latchkey.sim.process.Launcher;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that gets new keys while one device sends, one receives and one sleeps. */
@ExtendWith(NetworkExtension.class)
final class RotateIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @BeforeAll
    static void fastKeys() {
        EcProviders.install();
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

    private static final class Heard implements InboxListener {
        private final List<Integer> values = new CopyOnWriteArrayList<>();
        private final List<String> dropped = new CopyOnWriteArrayList<>();

        private final List<String> shutOut = new CopyOnWriteArrayList<>();

        @Override
        public void shutOut(DeviceException why) {
            shutOut.add(why.getMessage());
        }

        @Override
        public void received(Received pack) {
            values.add(
                    pack.contents().measurements().get(0).number().orElseThrow().intValue());
        }

        @Override
        public void unopened(Unopened message) {
            dropped.add(message.reason());
        }
    }

    private static void send(Device from, String to, int number) throws Exception {
        done(from.send(to, Pack.at(Instant.now(), Record.of("count", "Cel", BigDecimal.valueOf(number)))));
    }

    private static CoseKey shown(RunningNetwork network) throws Exception {
        return KeyFile.read(network.files().path("gateway/keys/dtls.pem")).publicKey();
    }

    @Test
    void nothingIsLostNorDoubledAndWhoSleptComesBack(RunningNetwork network) throws Exception {
        network.ensureInService();
        HandOver handOver = network.voucher(3, "d-*");
        List<String> names = DeviceNames.random(new Random(), 3);
        String recipient = names.get(1);
        Path sleepersFiles = directory.resolve("sleeper");
        Heard heard = new Heard();
        List<Integer> sent = new ArrayList<>();
        CoseKey before = shown(network);
        try (DeviceThreads threads = new DeviceThreads(1, 2);
                Device sender =
                        done(Device.join(directory.resolve("sender"), handOver, names.get(0), impatient(), threads));
                Device reading =
                        done(Device.join(directory.resolve("reader"), handOver, recipient, impatient(), threads))) {
            reading.receive(heard);
            done(Device.join(sleepersFiles, handOver, names.get(2), impatient(), threads))
                    .close();
            AtomicBoolean rotated = new AtomicBoolean();
            CompletableFuture<Launcher.Result> rotation = CompletableFuture.supplyAsync(() -> {
                try {
                    return network.admin("job", "run", "rotate", "--json");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                } finally {
                    rotated.set(true);
                }
            });
            int number = 0;
            for (int more = 0; more < 5; number++) {
                send(sender, recipient, number);
                sent.add(number);
                more += rotated.get() ? 1 : 0;
            }
            Launcher.Result result = done(rotation);
            assertThat(result.output()).as(result.errors()).contains("\"state\":\"done\"");
            assertThat(shown(network)).isNotEqualTo(before);
            try (Device woken = done(Device.open(sleepersFiles, impatient(), threads))) {
                send(woken, recipient, number);
                sent.add(number);
            }
            // What it knows of the cloud, of the outbox and of served mailboxes is as good as before.
            network.files().gateway().kill();
            network.startGateway();
            send(sender, recipient, number + 1);
            sent.add(number + 1);
            await().atMost(LONGEST)
                    .untilAsserted(() -> assertThat(heard.values).containsExactlyInAnyOrderElementsOf(sent));
            assertThat(heard.dropped).isEmpty();
            assertThat(heard.shutOut).isEmpty();
            await().atMost(LONGEST).until(() -> network.status().outboxMessages() == 0);
        }
    }
}
