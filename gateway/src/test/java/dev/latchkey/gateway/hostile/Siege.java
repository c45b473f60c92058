package dev.latchkey.gateway.hostile;

import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.gateway.harness.GatewayProcess;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestGateway;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A gateway process with small bounds, an administrator who watches its counters, and members. */
final class Siege implements AutoCloseable {
    final TestNetwork network = new TestNetwork();
    final GatewayProcess gateway;
    final ClientThreads threads = new ClientThreads(2);
    private final TestCloud cloud = new TestCloud(network);
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Path log;
    private final TestDevice admin;

    Siege(Path directory, int heapMebibytes, String... settings) throws Exception {
        cloud.start();
        log = directory.resolve("errors.log");
        TestGateway config = new TestGateway(directory, network, cloud.address(), settings);
        gateway = GatewayProcess.ready(
                config.config(),
                log,
                List.of(
                        "-Xmx" + heapMebibytes + "m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC"));
        admin = TestDevice.member("admin", network.admin, network, gateway.adminAddress(), threads);
        open.push(admin);
    }

    /** A new member's keys, which the gateway knows. */
    Identity member(String name) {
        Identity identity = network.joined(name);
        cloud.announce();
        long height = network.state().height();
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> figures().get("seattle/latchkey_gateway_height") >= height);
        return identity;
    }

    TestDevice device(String name, Identity identity) throws IOException {
        return closing(TestDevice.member(name, identity, network, gateway.address(), threads));
    }

    <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /** What the administrator reads. */
    Map<String, Long> figures() throws Exception {
        CoapResponse answer = admin.get("/a/mx");
        return Pack.fromCbor(answer.payload()).resolve(Instant.now()).stream()
                .collect(Collectors.toMap(
                        Measurement::name, one -> one.number().orElseThrow().longValueExact()));
    }

    long figure(String name) throws Exception {
        return figures().get("latchkey_gateway_" + name);
    }

    /** Bytes of the heap that are in use after a full collection. */
    long liveHeap() throws Exception {
        Process collection = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(gateway.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!collection.waitFor(20, TimeUnit.SECONDS) || collection.exitValue() != 0) {
            throw new AssertionError("jcmd did not collect");
        }
        return figure("heap_bytes");
    }

    /** What the gateway has logged. */
    List<String> log() throws IOException {
        return Files.readAllLines(log);
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new AssertionError("closing failed", e);
            }
        }
        gateway.close();
        cloud.close();
        threads.close();
    }
}
