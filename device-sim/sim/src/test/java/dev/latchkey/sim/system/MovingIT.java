package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientOptions;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.KeyPurpose;
import dev.latchkey.device.Received;
import dev.latchkey.device.Unopened;
import dev.latchkey.host.EcProviders;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.sim.fleet.DeviceNames;
import dev.latchkey.sim.process.Launcher;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two sub-networks in one cloud and one gateway: members change keys, move and leave, and nothing is lost. */
@ExtendWith(NetworkExtension.class)
final class MovingIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration WITHIN = Duration.ofMinutes(15);
    private static final int AT_LEAST = 10;

    @TempDir
    private Path directory;

    @BeforeAll
    static void fastKeys() {
        EcProviders.install();
    }

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        network.ensureInService();
        network.ensureSecondChain();
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

    /** What arrived, in order. */
    private static final class Heard implements InboxListener {
        final List<Integer> values = new CopyOnWriteArrayList<>();
        final List<String> dropped = new CopyOnWriteArrayList<>();

        @Override
        public void received(Received pack) {
            values.add(
                    pack.contents().measurements().get(0).number().orElseThrow().intValue());
        }

        @Override
        public void unopened(Unopened message) {
            dropped.add(message.reason());
        }

        void hears(int count) {
            await().atMost(LONGEST)
                    .untilAsserted(() -> assertThat(values)
                            .containsExactlyInAnyOrderElementsOf(
                                    IntStream.range(0, count).boxed().toList()));
            assertThat(dropped).isEmpty();
        }
    }

    /** Numbers readings as it sends them. */
    private static final class Counting {
        private final String to;
        private int sent;

        Counting(String to) {
            this.to = to;
        }

        void send(Device from) throws Exception {
            done(from.send(to, Pack.at(Instant.now(), Record.of("count", "Cel", BigDecimal.valueOf(sent)))));
            sent++;
        }

        /** Sends until something has happened, and some more. */
        <T> T sendDuring(Device from, CompletableFuture<T> event) throws Exception {
            while (!event.isDone()) {
                send(from);
            }
            for (int i = 0; i < AT_LEAST; i++) {
                send(from);
            }
            return done(event);
        }
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void whatIsSentBeforeDuringAndAfterAMoveArrivesOnce(RunningNetwork network) throws Exception {
        HandOver handOver = network.voucher(2, "d-*");
        List<String> names = DeviceNames.random(new Random(), 2);
        String mover = names.get(0);
        Heard heard = new Heard();
        Counting readings = new Counting(mover);
        List<Device> open = new ArrayList<>();
        DeviceThreads threads = new DeviceThreads(1, 2);
        try {
            Path moversFiles = directory.resolve("mover");
            Device moving = done(Device.join(moversFiles, handOver, mover, impatient(), threads));
            open.add(moving);
            Device sender =
                    done(Device.join(directory.resolve("sender"), handOver, names.get(1), impatient(), threads));
            open.add(sender);
            moving.receive(heard);
            readings.sendDuring(sender, CompletableFuture.completedFuture(0));
            readings.sendDuring(sender, moving.rotate(EnumSet.of(KeyPurpose.KEX)));
            readings.sendDuring(sender, sender.rotate(EnumSet.allOf(KeyPurpose.class)));

            VerifiedKey there = readings.sendDuring(sender, moving.relocate("tacoma", mover, WITHIN));
            assertThat(there.under().checkpoint().chain()).isNotEqualTo(handOver.chain());
            assertThat(moving.chainName()).isEqualTo("tacoma");
            readings.sendDuring(sender, moving.rotate(EnumSet.allOf(KeyPurpose.class)));
            moving.close();
            readings.sendDuring(sender, CompletableFuture.completedFuture(0));
            Device again = done(Device.open(moversFiles, impatient(), threads));
            open.add(again);
            again.receive(heard);
            heard.hears(readings.sent);

            Heard answers = new Heard();
            sender.receive(answers);
            Counting back = new Counting(names.get(1) + "@seattle");
            back.send(again);
            answers.hears(1);
            done(again.leave());
        } finally {
            open.forEach(Device::close);
            threads.close();
        }
    }

    private static String run(String... command) {
        Launcher.Result result = ByHand.device((Object[]) command);
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return result.output();
    }

    @Test
    void aDeviceIsEndorsedRotatesMovesAndLeavesByHand(RunningNetwork network) throws Exception {
        String device = directory.resolve("one").toString();
        Path csv = directory.resolve("keys.csv");
        String keys = run("keys", "--dir", device, "--name", "d-by-hand", "--header");
        Files.writeString(csv, keys, StandardOpenOption.CREATE_NEW);
        Path ticket = network.endorse(csv, "d-by-hand");
        assertThat(run("join", "--ticket", ticket.toString(), "--dir", device)).contains("seattle as d-by-hand");
        assertThat(run("rotate", "--dir", device)).contains("number 3", "proved");
        assertThat(run("relocate", "--dir", device, "--to", "tacoma")).contains("moved to", "d-by-hand of tacoma");
        assertThat(run("recover", "--dir", device)).contains("recovered", "d-by-hand of tacoma");
        assertThat(run("leave", "--dir", device, "--yes")).contains("d-by-hand has left tacoma");
        Launcher.Result gone = ByHand.device("rotate", "--dir", device);
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.errors()).hasLineCount(1).contains("left its chain");
    }
}
