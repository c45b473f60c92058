package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestGateway;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A month without the cloud, by the gateway's clock: devices go on, and then everything goes up. */
@Order(2)
class AbsenceTest {
    private static final int READING = ContentFormat.COSE_ENCRYPT0;
    private static final int DAYS = 30;
    /** The goal is 10,000, and the rate is printed: on a busy machine, beside other tests, it was 390. */
    private static final int PER_SECOND = 50;

    private static final long INBOX = 64L << 20;
    /** What a store takes beside what it holds: its log, and rows that were deleted and not merged away yet. */
    private static final long BESIDE = 192L << 20;

    private static final Duration LONGEST = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    private final Map<String, List<Bytes>> acknowledged = new HashMap<>();
    private final Map<String, SendingSession> sessions = new HashMap<>();
    private final Map<String, Identity> identities = new HashMap<>();
    private final ShiftedClock clock = new ShiftedClock();
    private final Set<Bytes> read = new HashSet<>();
    private long room;
    private long largest;

    @Test
    void twentyThousandReadingsWaitForAMonth() throws Exception {
        absence(20_000, 6, 20);
    }

    @Test
    @Tag("long")
    void aMillionReadingsWaitForAMonth() throws Exception {
        int readings = Integer.getInteger("latchkey.readings", 1_000_000);
        absence(readings, Math.max(8, readings / 4_000), 64);
    }

    private void absence(int readings, int mebibytes, int senders) throws Exception {
        room = (long) mebibytes << 20;
        TestNetwork network = new TestNetwork();
        ExecutorService pool = Executors.newFixedThreadPool(senders + 1);
        try (TestCloud cloud = new TestCloud(network);
                ClientThreads threads = new ClientThreads(2)) {
            cloud.start();
            cloud.mailboxes.checkTickets();
            TestGateway files = new TestGateway(
                    directory,
                    network,
                    cloud.address(),
                    "limits.outbox = " + mebibytes + " MiB",
                    "limits.inbox-per-member = " + (INBOX >> 20) + " MiB",
                    "coap.requests-per-second = 1000000",
                    "coap.request-burst = 1000000");
            for (int i = 0; i < senders; i++) {
                identities.put("s-" + i, network.joined("s-" + i));
            }
            identities.put("r", network.joined("r"));
            GatewayNode gateway = inService(files);
            Map<String, TestDevice> devices = connect(network, gateway.address(), threads);
            renew(devices);
            for (int i = 0; i < senders; i++) {
                sessions.put("s-" + i, devices.get("s-" + i).session(devices.get("r")));
            }
            await().until(() -> cloud.mailboxes.count("r") == senders);
            cloud.stop();
            long began = System.nanoTime();
            for (int day = 1; day <= DAYS; day++) {
                clock.shift = Duration.ofDays(day);
                if (day == DAYS / 2) {
                    devices.values().forEach(TestDevice::close);
                    gateway.close();
                    gateway = inService(files);
                    devices = connect(network, gateway.address(), threads);
                }
                connectAnew(devices, network, gateway.address(), threads);
                // A ticket of the last day says nothing of messages that were accepted more than a week before it ends.
                renew(devices);
                send(devices, pool, readings / DAYS / senders + 1);
                readAll(devices.get("r"));
                assertThat(read).as("local delivery on day %s", day).hasSize((int) total());
                measure();
            }
            long sent = total();
            double seconds = (System.nanoTime() - began) / 1e9;
            connectAnew(devices, network, gateway.address(), threads);
            fill(devices, pool);
            measure();
            System.out.printf(
                    "absence: %d readings stored, delivered and read at %.0f/s; full with %d%n",
                    sent, sent / seconds, total());
            assertThat(gateway.status().outboxMessages()).isGreaterThanOrEqualTo(total());
            catchUp(gateway, cloud);
            InetSocketAddress address = gateway.address();
            Map<String, TestDevice> connected = devices;
            // What filled the outbox is far more than an inbox holds, in blocks of one kilobyte: it comes as room is
            // made.
            while (read.size() < total()) {
                int before = read.size();
                await().atMost(LONGEST).until(() -> {
                    connectAnew(connected, network, address, threads);
                    readSome(connected.get("r"), 1_000);
                    return read.size() > before;
                });
            }
            System.out.printf("absence: all of them read by their recipient, %d%n", read.size());
            measure();
            System.out.printf(
                    "absence: the store took %d MiB at most, of %d for the cloud%n", largest >> 20, mebibytes);
            assertThat(largest).isLessThan(room + INBOX + BESIDE);
            devices.values().forEach(TestDevice::close);
            gateway.close();
        } finally {
            pool.shutdownNow();
        }
    }

    private void catchUp(GatewayNode gateway, TestCloud cloud) throws Exception {
        long total = total();
        long started = System.nanoTime();
        cloud.start();
        await().pollInterval(Duration.ofMillis(2))
                .atMost(LONGEST)
                .until(() -> gateway.status().outboxMessages() == 0);
        double seconds = (System.nanoTime() - started) / 1e9;
        System.out.printf("absence: %d readings, caught up at %.0f/s%n", total, total / seconds);
        assertThat(gateway.status().refusedMessages()).isZero();
        List<MailboxEntry> box = cloud.mailboxes.of("r").stream()
                .filter(entry -> entry.contentFormat() == READING)
                .toList();
        assertThat(box).hasSize((int) total);
        Map<String, List<Bytes>> arrived = new HashMap<>();
        box.forEach(entry -> arrived.computeIfAbsent(entry.sender(), name -> new ArrayList<>())
                .add(entry.message()));
        assertThat(arrived).isEqualTo(acknowledged);
        assertThat(total / seconds).isGreaterThan(PER_SECOND);
    }

    private GatewayNode inService(TestGateway files) throws Exception {
        GatewayNode node = files.start(clock);
        assertThat(node.awaitInService(Duration.ofSeconds(60))).isTrue();
        return node;
    }

    private Map<String, TestDevice> connect(TestNetwork network, InetSocketAddress address, ClientThreads threads)
            throws Exception {
        Map<String, TestDevice> devices = new HashMap<>();
        for (Map.Entry<String, Identity> one : identities.entrySet()) {
            devices.put(one.getKey(), TestDevice.member(one.getKey(), one.getValue(), network, address, threads));
        }
        return devices;
    }

    /** CoAP has 65,536 message IDs for four minutes of a connection, and who reads a million readings needs more. */
    private void connectAnew(
            Map<String, TestDevice> devices, TestNetwork network, InetSocketAddress address, ClientThreads threads)
            throws Exception {
        devices.remove("r").close();
        devices.put("r", TestDevice.member("r", identities.get("r"), network, address, threads));
    }

    private void renew(Map<String, TestDevice> devices) throws Exception {
        for (TestDevice device : devices.values()) {
            assertThat(device.ticket(clock.instant().plus(Duration.ofHours(36))).code())
                    .isEqualTo(Code.CHANGED);
        }
    }

    private void send(Map<String, TestDevice> devices, ExecutorService pool, int each) throws Exception {
        List<Future<Void>> running = new ArrayList<>();
        for (String name : sessions.keySet()) {
            TestDevice device = devices.get(name);
            SendingSession session = sessions.get(device.name);
            List<Bytes> told = acknowledged.computeIfAbsent(device.name, first -> new ArrayList<>());
            Callable<Void> work = () -> {
                for (int n = 0; n < each; n++) {
                    Bytes reading = TestDevice.sealed(session, "21.5");
                    assertThat(device.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);
                    told.add(reading);
                }
                return null;
            };
            running.add(pool.submit(work));
        }
        Future<Void> reading = pool.submit(() -> {
            while (running.stream().anyMatch(one -> !one.isDone())) {
                readAll(devices.get("r"));
            }
            return null;
        });
        for (Future<Void> one : running) {
            one.get();
        }
        reading.get();
    }

    private long total() {
        return acknowledged.values().stream().mapToLong(List::size).sum();
    }

    private void readAll(TestDevice recipient) throws Exception {
        readSome(recipient, Integer.MAX_VALUE);
    }

    /** Reads so many pages at most, or all there are. */
    private void readSome(TestDevice recipient, int pages) throws Exception {
        List<InboxEntry> page = recipient.inbox(0);
        for (int n = 1; n < pages && !page.isEmpty(); n++) {
            for (InboxEntry entry : page) {
                if (entry.contentFormat() == READING) {
                    assertThat(read.add(entry.message())).as("read once").isTrue();
                }
            }
            long last = page.get(page.size() - 1).u();
            CoapResponse answer = recipient.acknowledge(last);
            assertThat(answer.code().isSuccess()).as("%s", answer).isTrue();
            page = recipient.inbox(last);
        }
    }

    private void measure() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            largest = Math.max(
                    largest, files.mapToLong(file -> file.toFile().length()).sum());
        }
    }

    private void fill(Map<String, TestDevice> devices, ExecutorService pool) throws Exception {
        List<Future<Void>> running = new ArrayList<>();
        for (String name : sessions.keySet()) {
            Callable<Void> work = () -> {
                refusedWhenFull(devices.get(name));
                return null;
            };
            running.add(pool.submit(work));
        }
        for (Future<Void> one : running) {
            one.get();
        }
    }

    private void refusedWhenFull(TestDevice sender) throws Exception {
        SendingSession session = sessions.get(sender.name);
        while (true) {
            Bytes reading = TestDevice.sealed(session, "x".repeat(3_000));
            CoapResponse answer = sender.post("/m", READING, reading);
            if (!answer.code().isSuccess()) {
                assertThat(answer.code()).isEqualTo(Code.SERVICE_UNAVAILABLE);
                assertThat(TestDevice.code(answer)).isEqualTo("overloaded");
                assertThat(answer.maxAgeSeconds()).isPresent();
                return;
            }
            acknowledged.get(sender.name).add(reading);
        }
    }

    /** The real one, and so much later. */
    private static final class ShiftedClock extends Clock {
        private volatile Duration shift = Duration.ZERO;

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
            return Instant.now().plus(shift);
        }
    }
}
