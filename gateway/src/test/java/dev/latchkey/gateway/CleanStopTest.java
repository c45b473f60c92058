package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.harness.GatewayProcess;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestGateway;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.transaction.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a gateway that was stopped goes on with its devices as if it had not. */
@Order(6)
class CleanStopTest {
    private static final Logger LOG = LoggerFactory.getLogger(CleanStopTest.class);
    private static final int READING = ContentFormat.COSE_ENCRYPT0;
    private static final int SENDERS = 4;
    private static final ClientOptions PATIENT = ClientOptions.DEFAULT
            .withRetransmission(Duration.ofMillis(500), 7)
            .withRequestTimeout(Duration.ofSeconds(90));
    private static final long PROBE_MILLIS = 50;
    private static final Duration LONGEST_GAP = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final ExecutorService loads = Executors.newFixedThreadPool(SENDERS);
    private final ScheduledExecutorService prober = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong answered = new AtomicLong();
    private final List<TestDevice> devices = new ArrayList<>();
    private TestNetwork network;
    private TestCloud cloud;
    private TestGateway gateway;
    private ClientThreads threads;

    @BeforeEach
    void start() throws Exception {
        network = new TestNetwork();
        cloud = new TestCloud(network);
        cloud.start();
        gateway = new TestGateway(directory, network, cloud.address());
        threads = new ClientThreads(2);
    }

    @AfterEach
    void stop() {
        devices.forEach(TestDevice::close);
        loads.shutdownNow();
        prober.shutdownNow();
        threads.close();
        cloud.close();
    }

    private TestDevice device(String name, Identity keys, GatewayProcess process) throws Exception {
        TestDevice device = TestDevice.member(name, keys, network, process.address(), PATIENT, threads);
        devices.add(device);
        return device;
    }

    private GatewayProcess again(GatewayProcess before) throws Exception {
        return GatewayProcess.ready(
                gateway.config(), "--listen", "127.0.0.1:" + before.address().getPort());
    }

    /** Sends readings one after the other until it is told to stop; each was acknowledged. */
    private Future<List<Bytes>> load(TestDevice sender, SendingSession session, AtomicBoolean on) {
        return loads.submit(() -> {
            List<Bytes> acknowledged = new ArrayList<>();
            while (on.get()) {
                Bytes reading = TestDevice.sealed(session, "reading");
                CoapResponse answer = sender.client()
                        .send(ClientRequest.post("/m", READING, reading))
                        .get(100, TimeUnit.SECONDS);
                if (answer.code().isSuccess()) {
                    acknowledged.add(reading);
                    answered.incrementAndGet();
                }
            }
            return acknowledged;
        });
    }

    /** Asks every 50 ms, once each time, and notes the longest time without an answer. */
    private ScheduledFuture<?> probe(TestDevice device, AtomicLong longestNanos) {
        AtomicLong probes = new AtomicLong();
        AtomicLong last = new AtomicLong(System.nanoTime());
        return prober.scheduleAtFixedRate(
                () -> device.client()
                        .send(ClientRequest.get("/p")
                                .withQuery("once", probes.incrementAndGet())
                                .nonConfirmable())
                        .thenAccept(answer -> {
                            long now = System.nanoTime();
                            longestNanos.accumulateAndGet(now - last.getAndSet(now), Math::max);
                        }),
                0,
                PROBE_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    @Test
    void aCleanStopUnderLoadCostsNoHandshakeAndInboxesGoOn() throws Exception {
        List<Identity> keys = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            keys.add(network.joined("s-" + i));
        }
        Identity recipientKeys = network.joined("recipient");
        try (GatewayProcess first = GatewayProcess.ready(gateway.config())) {
            TestDevice recipient = device("recipient", recipientKeys, first);
            recipient.ticket();
            BlockingQueue<List<InboxEntry>> heard = recipient.observeInbox();
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
            AtomicBoolean on = new AtomicBoolean(true);
            List<Future<List<Bytes>>> running = new ArrayList<>();
            List<TestDevice> senders = new ArrayList<>();
            List<SendingSession> sessions = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                senders.add(device("s-" + i, keys.get(i), first));
                senders.get(i).ticket();
                sessions.add(senders.get(i).session(recipient));
                running.add(load(senders.get(i), sessions.get(i), on));
            }
            AtomicLong gap = new AtomicLong();
            ScheduledFuture<?> probing = probe(recipient, gap);
            await().until(() -> answered.get() > 200);
            long stopped = System.nanoTime();
            assertThat(first.terminate()).isZero();
            long ended = System.nanoTime();
            Path saved = directory.resolve("data").resolve("connections").resolve("saved");
            assertThat(saved).exists();
            try (GatewayProcess second = again(first)) {
                long ready = System.nanoTime();
                assertThat(second.address()).isEqualTo(first.address());
                assertThat(saved).doesNotExist();
                long before = answered.get();
                await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() > before + 200);
                on.set(false);
                Set<Bytes> acknowledged = new HashSet<>();
                for (Future<List<Bytes>> load : running) {
                    acknowledged.addAll(load.get(60, TimeUnit.SECONDS));
                }
                probing.cancel(false);
                LOG.atWarn()
                        .addKeyValue(
                                "stop-ms", Duration.ofNanos(ended - stopped).toMillis())
                        .addKeyValue("start-ms", Duration.ofNanos(ready - ended).toMillis())
                        .addKeyValue("ms", Duration.ofNanos(gap.get()).toMillis())
                        .log("longest time without an answer over a restart");
                assertThat(Duration.ofNanos(gap.get())).isLessThan(LONGEST_GAP);
                assertThat(readAll(recipient)).containsAll(acknowledged);

                Bytes news = TestDevice.sealed(sessions.get(0), "after");
                assertThat(senders.get(0).post("/m", READING, news).code()).isEqualTo(Code.CHANGED);
                List<InboxEntry> told = heard.poll(30, TimeUnit.SECONDS);
                while (told != null
                        && told.stream().noneMatch(entry -> entry.message().equals(news))) {
                    told = heard.poll(30, TimeUnit.SECONDS);
                }
                assertThat(told).isNotNull();
                assertThat(devices)
                        .allSatisfy(device ->
                                assertThat(device.client().handshakes()).isEqualTo(1));
                second.kill();
                assertThat(saved).doesNotExist();
            }
        }
    }

    private static List<Bytes> readAll(TestDevice recipient) throws Exception {
        List<Bytes> readings = new ArrayList<>();
        List<InboxEntry> page = recipient.inbox(0);
        while (!page.isEmpty()) {
            page.forEach(entry -> readings.add(entry.message()));
            long last = page.get(page.size() - 1).u();
            recipient.acknowledge(last);
            page = recipient.inbox(last);
        }
        return readings;
    }
}
