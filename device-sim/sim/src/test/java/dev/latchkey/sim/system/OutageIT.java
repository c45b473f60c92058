package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientOptions;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.InboxListener;
import dev.latchkey.host.EcProviders;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.fleet.Account;
import dev.latchkey.sim.fleet.Contacts;
import dev.latchkey.sim.fleet.Course;
import dev.latchkey.sim.fleet.DeviceNames;
import dev.latchkey.sim.fleet.Fleet;
import dev.latchkey.sim.fleet.Plan;
import dev.latchkey.sim.fleet.Supply;
import dev.latchkey.sim.fleet.Tempo;
import dev.latchkey.sim.measure.Meter;
import dev.latchkey.sim.network.LocalNetwork;
import dev.latchkey.sim.source.WeatherSource;
import dev.latchkey.sim.weather.DailyWeather;
import dev.latchkey.sim.weather.WeatherFile;
import dev.latchkey.sim.weather.WeatherPack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged arrives, once, whatever ends in the middle. */
@ExtendWith(NetworkExtension.class)
final class OutageIT {
    private static final List<DailyWeather> DAYS = WeatherFile.seattle();
    private static final int DEVICES = 3;
    private static final int READINGS = 240;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** Devices that notice quickly that a gateway has forgotten them. */
    private static DeviceSettings impatient() {
        ClientOptions options = ClientOptions.DEFAULT
                .withRetransmission(Duration.ofMillis(500), 2)
                .withRequestTimeout(Duration.ofSeconds(4))
                .withHandshake(Duration.ofMillis(500), 3);
        return DeviceSettings.standard(EcProviders.verifier())
                .withOptions(options)
                .withPatience(Duration.ofMillis(200), Duration.ofSeconds(1), LONGEST)
                .withInboxPoll(Duration.ofSeconds(2));
    }

    @BeforeAll
    static void fastKeys() {
        EcProviders.install();
    }

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        network.ensureInService();
    }

    /** Something that happens in the middle. */
    private interface Event {
        void happen() throws Exception;
    }

    private static void sendThrough(RunningNetwork network, Path directory, long seed, Event inTheMiddle)
            throws Exception {
        System.out.println("seed " + seed);
        Supply weather = Supply.of(WeatherSource.seattle().observations());
        Plan plan = Plan.of(DeviceNames.random(new Random(seed), DEVICES), weather.size(), seed);
        Meter meter = Meter.started();
        Account account = new Account(READINGS, meter, System::nanoTime);
        Course course = new Course(
                weather, new Contacts(plan.recipients()), Tempo.AT_ONCE, DEVICES, number -> number < READINGS);
        HandOver handOver = network.voucher(DEVICES, "d-*");
        try (Fleet fleet = new Fleet(directory, account, meter, impatient())) {
            done(fleet.join(plan.members(), name -> handOver, DEVICES, () -> {}));
            done(fleet.settled());
            done(fleet.prove(plan.recipients()::get, DEVICES, () -> {}));
            CompletableFuture<Void> sending = fleet.send(plan, course);
            await().atMost(LONGEST).until(() -> account.acknowledged() >= READINGS / 4);
            inTheMiddle.happen();
            done(sending);
            assertThat(account.acknowledged()).isEqualTo(READINGS);
            await().atMost(LONGEST)
                    .untilAsserted(() -> assertThat(account.opened()).isEqualTo(READINGS));
            await().atMost(LONGEST).until(() -> network.status().outboxMessages() == 0);
            assertThat(network.status().refusedMessages()).isZero();
            assertThat(account.faults()).isEmpty();
            assertThat(account.isFulfilled()).isTrue();
        }
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void readingsGoOnWhileTheCloudIsStoppedAndArriveOnce(RunningNetwork network, @TempDir Path directory)
            throws Exception {
        sendThrough(network, directory, System.nanoTime(), () -> {
            assertThat(network.files().cloud().terminate()).isZero();
            // The rest is accepted without a cloud.
            await().atMost(LONGEST).until(() -> network.status().outboxMessages() >= READINGS / 4);
            network.startCloud();
        });
    }

    @Test
    void killingTheGatewayAndThenTheCloudLosesNothingAcknowledgedAndRepeatsNothing(
            RunningNetwork network, @TempDir Path directory) throws Exception {
        sendThrough(network, directory, System.nanoTime(), () -> {
            network.files().gateway().kill();
            network.startGateway();
            network.files().cloud().kill();
            network.startCloud();
        });
    }

    /** The recipient sleeps, so that every reading has to lie in the cloud's mailbox, and only there. */
    @Test
    void aSleeperGetsEveryReadingOnceFromTheCloudAfterAllWereKilled(RunningNetwork network, @TempDir Path directory)
            throws Exception {
        HandOver handOver = network.voucher(2, "d-*");
        List<DailyWeather> days = DAYS.subList(0, 60);
        try (DeviceThreads threads = new DeviceThreads(1, 2)) {
            String sleeper = DeviceNames.random(new Random());
            Path sleepersFiles = directory.resolve("sleeper");
            done(Device.join(sleepersFiles, handOver, sleeper, impatient(), threads))
                    .close();
            try (Device sender = done(Device.join(
                    directory.resolve("sender"), handOver, DeviceNames.random(new Random()), impatient(), threads))) {
                await().atMost(LONGEST)
                        .until(() -> done(sender.key(sleeper).handle((key, failure) -> failure == null)));
                for (DailyWeather day : days.subList(0, 30)) {
                    done(sender.send(sleeper, WeatherPack.of(day)));
                }
                network.files().cloud().kill();
                network.files().gateway().kill();
                network.startCloud();
                network.startGateway();
                for (DailyWeather day : days.subList(30, 60)) {
                    done(sender.send(sleeper, WeatherPack.of(day)));
                }
                await().atMost(LONGEST).until(() -> network.status().outboxMessages() == 0);
            }
            // The gateway loses its disk: what arrives from here on comes from the cloud.
            assertThat(network.files().gateway().terminate()).isZero();
            LocalNetwork.delete(network.files().path("gateway/data"));
            network.startGateway();

            Queue<Instant> arrived = new ConcurrentLinkedQueue<>();
            InboxListener listener = pack ->
                    arrived.add(WeatherPack.time(pack.contents().measurements()).orElseThrow());
            try (Device awake = done(Device.open(sleepersFiles, impatient(), threads))) {
                awake.receive(listener);
                await().atMost(LONGEST)
                        .untilAsserted(() -> assertThat(arrived)
                                .containsExactlyInAnyOrderElementsOf(
                                        days.stream().map(DailyWeather::time).toList()));
            }
        }
    }
}
