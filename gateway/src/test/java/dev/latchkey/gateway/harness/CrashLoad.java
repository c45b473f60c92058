package dev.latchkey.gateway.harness;

import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A gateway process that is killed again and again while devices send confirmable readings and read and acknowledge theirs,
 * and the cloud comes and goes. Each sender sends what was not acknowledged once more, as a device does.
 */
public final class CrashLoad implements AutoCloseable {
    private static final List<String> SENDERS = List.of("s-0", "s-1", "s-2");
    private static final List<String> RECIPIENTS = List.of("r-0", "r-1");
    /** What the launcher gives its JVM and what bears on the start; in short runs also what makes this JVM a quick one. */
    private static final List<String> AS_LAUNCHED = Stream.concat(
                    Stream.of("-Xmx512m", "-Xshare:auto"),
                    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                            .filter(option -> option.startsWith("-XX:")))
            .toList();

    private static final int READING = ContentFormat.COSE_ENCRYPT0;

    /** Where a start takes long a load need not. */
    private static final Duration LONGEST_SERVICE = Duration.ofSeconds(2);

    public final CrashLedger ledger = new CrashLedger();
    public final TestNetwork network = new TestNetwork();
    public final TestCloud cloud = new TestCloud(network);
    private final TestGateway gateway;
    private final Path errors;
    private final ClientThreads threads = new ClientThreads(2);
    private final Map<String, Identity> identities = new HashMap<>();
    private final Map<String, SendingSession> sessions = new HashMap<>();
    private final Map<String, Bytes> unanswered = new HashMap<>();
    private final Random random;
    private boolean cloudRuns = true;
    private final List<Duration> starts = new ArrayList<>();
    private final Duration usualStart;
    private int killedInStart;

    public CrashLoad(Path directory, long seed, String... settings) throws Exception {
        random = new Random(seed);
        errors = directory.resolve("errors");
        cloud.start();
        gateway = new TestGateway(directory, network, cloud.address(), settings);
        for (String name : SENDERS) {
            identities.put(name, network.joined(name));
        }
        for (String name : RECIPIENTS) {
            identities.put(name, network.joined(name));
        }
        try (GatewayProcess process = start()) {
            Map<String, TestDevice> devices = connect(process.address());
            for (TestDevice device : devices.values()) {
                device.ticket();
            }
            for (String name : SENDERS) {
                sessions.put(name, devices.get(name).session(devices.get("r-0"), devices.get("r-1")));
            }
            devices.values().forEach(TestDevice::close);
            process.terminate();
        }
        usualStart = starts.remove(0);
    }

    /** What the gateway's starts said of damage to the store. */
    public List<String> damage() throws IOException {
        return Files.readAllLines(errors).stream()
                .filter(line -> line.contains("the store was damaged"))
                .toList();
    }

    /** Times from the start of a process to its READY line, ascending; without the processes that were killed in their start. */
    public List<Duration> starts() {
        return starts.stream().sorted().toList();
    }

    /** How many processes were killed before they were ready. */
    public int killedInStart() {
        return killedInStart;
    }

    /** Starts the gateway and kills it at a moment of the time that a start takes. */
    public void killInStart() throws Exception {
        try (GatewayProcess process = begun()) {
            process.killAfter(part(usualStart));
            if (process.awaitReady()) {
                load(process);
            } else {
                killedInStart++;
            }
            endedByKill(process);
        }
    }

    /** Starts the gateway, loads it, and kills it at a moment of a time as long as a start. */
    public void killInService() throws Exception {
        try (GatewayProcess process = start()) {
            process.killAfter(part(usualStart.compareTo(LONGEST_SERVICE) < 0 ? usualStart : LONGEST_SERVICE));
            load(process);
            endedByKill(process);
        }
    }

    private Duration part(Duration whole) {
        return Duration.ofNanos((long) (whole.toNanos() * random.nextDouble()));
    }

    private void endedByKill(GatewayProcess process) throws IOException {
        if (!process.wasKilled()) {
            throw new AssertionError("the gateway ended by itself: " + Files.readString(errors));
        }
    }

    /** Readings and the cloud's comings and goings, until the gateway is killed. */
    private void load(GatewayProcess process) throws Exception {
        Map<String, TestDevice> devices = connect(process.address());
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> running = new ArrayList<>();
        SENDERS.forEach(name -> running.add(thread(() -> send(devices.get(name), over))));
        RECIPIENTS.forEach(name -> running.add(thread(() -> read(devices.get(name), over))));
        if (random.nextInt(3) == 0) {
            flipCloud();
        }
        process.wasKilled();
        over.set(true);
        devices.values().forEach(TestDevice::close);
        for (Thread thread : running) {
            thread.join();
        }
    }

    /** Each sender sends once more, and everything arrives: the outbox is empty, and recipients have read what there is. */
    public void settle() throws Exception {
        if (!cloudRuns) {
            flipCloud();
        }
        try (GatewayProcess process = start()) {
            Map<String, TestDevice> devices = connect(process.address());
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> running = new ArrayList<>();
            RECIPIENTS.forEach(name -> running.add(thread(() -> read(devices.get(name), over))));
            for (String name : SENDERS) {
                await().atMost(Duration.ofMinutes(1)).until(() -> sendOne(devices.get(name)));
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> RECIPIENTS.stream()
                            .allMatch(name -> SENDERS.stream()
                                    .allMatch(sender -> ledger.seen(name).containsAll(ledger.acknowledged(sender)))));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> RECIPIENTS.stream()
                            .allMatch(name -> cloud.mailboxes.of(name).stream()
                                            .filter(entry -> entry.contentFormat() == READING)
                                            .count()
                                    >= ledger.count()));
            over.set(true);
            for (Thread thread : running) {
                thread.join();
            }
            devices.values().forEach(TestDevice::close);
            process.terminate();
        }
    }

    public List<String> senders() {
        return SENDERS;
    }

    public List<String> recipients() {
        return RECIPIENTS;
    }

    @Override
    public void close() {
        threads.close();
        cloud.close();
    }

    private GatewayProcess begun() throws IOException {
        return GatewayProcess.begun(gateway.config(), errors, AS_LAUNCHED);
    }

    private GatewayProcess start() throws IOException {
        long started = System.nanoTime();
        GatewayProcess process = begun();
        if (!process.awaitReady()) {
            throw new AssertionError("the gateway does not start: " + Files.readString(errors));
        }
        starts.add(Duration.ofNanos(System.nanoTime() - started));
        return process;
    }

    private void flipCloud() throws IOException {
        if (cloudRuns) {
            cloud.stop();
        } else {
            cloud.start();
        }
        cloudRuns = !cloudRuns;
    }

    private Map<String, TestDevice> connect(InetSocketAddress address) throws IOException {
        Map<String, TestDevice> devices = new HashMap<>();
        for (Map.Entry<String, Identity> one : identities.entrySet()) {
            devices.put(one.getKey(), TestDevice.member(one.getKey(), one.getValue(), network, address, threads));
        }
        return devices;
    }

    private void send(TestDevice device, AtomicBoolean over) {
        try {
            while (!over.get()) {
                sendOne(device);
            }
        } catch (Exception e) {
            // The gateway was killed: nothing is known of this message.
            return;
        }
    }

    private boolean sendOne(TestDevice device) throws Exception {
        Bytes message;
        synchronized (unanswered) {
            message = unanswered.computeIfAbsent(device.name, name -> TestDevice.sealed(sessions.get(name), "21.5"));
        }
        CoapResponse answer = device.post("/m", READING, message);
        if (answer.code().isSuccess()) {
            synchronized (unanswered) {
                unanswered.remove(device.name);
            }
            ledger.acknowledged(device.name, message);
        } else if (!answer.code().equals(Code.SERVICE_UNAVAILABLE)) {
            ledger.refused(device.name, TestDevice.code(answer));
        }
        return answer.code().isSuccess();
    }

    private void read(TestDevice device, AtomicBoolean over) {
        try {
            while (!over.get()) {
                List<InboxEntry> page = device.inbox(0);
                for (InboxEntry entry : page) {
                    if (entry.contentFormat() == READING) {
                        ledger.read(device.name, entry.u(), entry.message());
                    }
                }
                if (!page.isEmpty()) {
                    device.acknowledge(page.get(page.size() - 1).u());
                }
            }
        } catch (Exception e) {
            // The gateway was killed.
            return;
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "crash-load");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
