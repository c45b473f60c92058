package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.coap.ClientOptions;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with a real ledger behind real DTLS, and devices that use it. */
abstract class DeviceFixture {
    static final Duration LONGEST = Duration.ofSeconds(20);

    @TempDir
    Path temp;

    final DeviceThreads threads = new DeviceThreads(2, 2);
    DeviceSettings settings = DeviceSettings.standard(TestGateway.VERIFIER)
            .withOptions(ClientOptions.DEFAULT
                    .withRetransmission(Duration.ofMillis(100), 2)
                    .withRequestTimeout(Duration.ofMillis(800))
                    .withHandshake(Duration.ofMillis(300), 3))
            .withPatience(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(15));
    final List<Device> devices = new ArrayList<>();
    TestGateway gateway;

    @BeforeEach
    void startGateway() throws Exception {
        Awaitility.setDefaultTimeout(LONGEST);
        gateway = new TestGateway();
    }

    @AfterEach
    void stopAll() {
        devices.forEach(Device::close);
        gateway.close();
        threads.close();
    }

    Device join(String name) throws Exception {
        return keep(
                Device.await(Device.join(temp.resolve(name), gateway.handOver("*"), name, settings, threads), LONGEST));
    }

    Device reopen(String name) throws Exception {
        return keep(Device.await(Device.open(temp.resolve(name), settings, threads), LONGEST));
    }

    /** Somebody joins, which makes a block. */
    void happen(String name) {
        Identity identity = Identity.generate(gateway.random);
        Join join = new Join(name, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.empty());
        gateway.apply(
                TransactionSigning.joinEndorsed(join, gateway.chain.id(), identity, List.of(gateway.chain.admin.sig()))
                        .encode());
    }

    Device keep(Device device) {
        devices.add(device);
        return device;
    }

    static Pack pack(double value) {
        return Pack.at(Instant.now(), Record.of("temp", "Cel", BigDecimal.valueOf(value)));
    }

    static Acknowledged send(Device from, String to, double value) throws Exception {
        return Device.await(from.send(to, pack(value)), LONGEST);
    }

    static void fails(DeviceException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(DeviceException.class)
                .extracting(e -> ((DeviceException) e).kind())
                .isEqualTo(kind);
    }

    /** What a device received, in order. */
    static final class Listening implements InboxListener {
        final List<String> senders = new CopyOnWriteArrayList<>();
        final List<Double> values = new CopyOnWriteArrayList<>();
        final List<String> dropped = new CopyOnWriteArrayList<>();
        final List<DeviceException.Kind> shutOut = new CopyOnWriteArrayList<>();

        @Override
        public void received(Received pack) {
            senders.add(pack.sender() + "@" + pack.chainName());
            values.add(
                    pack.contents().measurements().get(0).number().orElseThrow().doubleValue());
        }

        @Override
        public void unopened(Unopened message) {
            dropped.add(message.reason());
        }

        @Override
        public void shutOut(DeviceException why) {
            shutOut.add(why.kind());
        }
    }

    /** A clock that stands still until it is set. */
    static final class SetClock extends Clock {
        final AtomicReference<Instant> now;

        SetClock(AtomicReference<Instant> now) {
            this.now = now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    }

    static Listening listen(Device device) {
        Listening listening = new Listening();
        device.receive(listening);
        return listening;
    }
}
