package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.console.Cli;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.device.Consumer;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.sim.hand.ConsumerCommand;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.process.Launcher;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An application that reads its mailbox at the cloud: by the command, by the library, by curl. */
@ExtendWith(NetworkExtension.class)
final class ConsumerIT {
    private static final Path README = Path.of(System.getProperty("latchkey.root", "../.."), "chain/cloud/README.md");

    @TempDir
    private Path directory;

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        network.ensureInService();
    }

    private static Launcher.Result consumer(Object... arguments) {
        String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
        return ByHand.run(() -> Cli.run(new ConsumerCommand(), words));
    }

    private void send(String to, String value) {
        Launcher.Result sent = ByHand.device(
                "send",
                "--dir",
                directory.resolve("d-for-apps"),
                "--to",
                to,
                "--name",
                "temperature",
                "--unit",
                "Cel",
                "--value=" + value);
        assertThat(sent.errors()).isEmpty();
    }

    /** Until the gateway's uplink has brought it. */
    private Launcher.Result read(String url, int lines, String... more) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        StringBuilder output = new StringBuilder();
        Launcher.Result result;
        do {
            List<Object> arguments = new ArrayList<>(List.of("--dir", directory.resolve("app"), "--url", url));
            arguments.addAll(List.of(more));
            result = consumer(arguments.toArray());
            output.append(result.output());
        } while (result.exitCode() == 0 && output.toString().lines().count() < lines && System.nanoTime() < deadline);
        return new Launcher.Result(result.exitCode(), output.toString(), result.errors());
    }

    @Test
    void aMailboxIsReadByTheCommandByTheExampleAndByCurl(RunningNetwork network) throws Exception {
        Path voucher = network.files().voucher("consumer", 4, "*", 1);
        String url = "https://" + network.cloud();
        assertThat(ByHand.device(
                                "join",
                                "--hand-over",
                                voucher,
                                "--name",
                                "d-for-apps",
                                "--dir",
                                directory.resolve("d-for-apps"))
                        .errors())
                .isEmpty();
        Launcher.Result joined =
                consumer("--join", voucher, "--name", "app-1", "--dir", directory.resolve("app"), "--url", url);
        assertThat(joined.errors()).isEmpty();
        assertThat(joined.exitCode()).isZero();
        send("app-1", "21.5");
        Launcher.Result first = read(url, 1);
        assertThat(first.errors()).isEmpty();
        assertThat(first.output()).startsWith("[{\"n\":").contains("temperature", "\"u\":\"Cel\",\"v\":21.5,\"t\":");
        assertThat(consumer("--dir", directory.resolve("app"), "--url", url).output())
                .as("once")
                .isEmpty();

        curlOfTheReadme(network, HandOverFile.read(voucher).chain().toHex());

        send("app-1", "22.5");
        int code;
        do {
            code = Printed.to(
                    new ClosedOutput(),
                    OutputStream.nullOutputStream(),
                    () -> Cli.run(
                            new ConsumerCommand(),
                            "--dir",
                            directory.resolve("app").toString(),
                            "--url",
                            url,
                            "--ack"));
        } while (code == 0);
        assertThat(code).as("the pipe is closed").isEqualTo(141);
        assertThat(read(url, 1, "--ack").output())
                .as("what was not printed comes again")
                .contains("22.5");
        example(URI.create(url));
    }

    /** Always closed. */
    private static final class ClosedOutput extends OutputStream {
        @Override
        public void write(int value) throws java.io.IOException {
            throw new java.io.IOException("Broken pipe");
        }
    }

    private void curlOfTheReadme(RunningNetwork network, String chain) throws Exception {
        Launcher.Result made = consumer(
                "certificate", "--dir", directory.resolve("app"), "--out", directory.resolve("app/client.pem"));
        assertThat(made.errors()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("app/dtls.pem"))))
                .isEqualTo("rw-------");
        boolean curl = new ProcessBuilder("sh", "-c", "command -v curl").start().waitFor() == 0;
        assumeTrue(curl, "curl is not installed: apt-get install curl");
        String readme = Files.readString(README);
        int from = readme.indexOf("curl -k --cert app/client.pem");
        String command = readme.substring(from, readme.indexOf("\n```", from))
                .replace("127.0.0.1:9443", network.cloud().toString());
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).directory(directory.toFile());
        builder.environment().put("CHAIN", chain);
        Process process =
                builder.redirectError(directory.resolve("curl.err").toFile()).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(Files.readString(directory.resolve("curl.err")))
                .isZero();
        assertThat(answer).startsWith("[\n{\"sequence\":").contains("\"sender\":\"d-for-apps\"");
    }

    /** What the class comment of {@link Consumer} shows. */
    private void example(URI node) throws Exception {
        DeviceSettings settings = DeviceSettings.standard(StrictEcVerifier.bouncy());
        send("app-1", "23.5");
        List<String> read = new ArrayList<>();
        try (DeviceThreads threads = new DeviceThreads(1, 1);
                Consumer consumer = Device.await(
                        Consumer.open(directory.resolve("app"), List.of(node), settings, threads),
                        Duration.ofMinutes(1))) {
            long last = 0;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (read.isEmpty() && System.nanoTime() < deadline) {
                last = Device.await(
                        consumer.read(
                                0,
                                pack -> read.add(pack.sender()
                                        + pack.contents().measurements().get(0).number())),
                        Duration.ofMinutes(1));
            }
            Device.await(consumer.acknowledge(last), Duration.ofMinutes(1));
        }
        assertThat(read).hasSize(1).first().asString().contains("d-for-apps", "23.5");
    }

    /** What waits, then what arrives; what was acknowledged is gone. */
    @Test
    void aMailboxIsFollowed(RunningNetwork network) throws Exception {
        Path voucher = network.files().voucher("follower", 4, "*", 1);
        String url = "https://" + network.cloud();
        Path own = directory.resolve("app-follows");
        assertThat(ByHand.device(
                                "join",
                                "--hand-over",
                                voucher,
                                "--name",
                                "d-tells",
                                "--dir",
                                directory.resolve("d-for-apps"))
                        .errors())
                .isEmpty();
        assertThat(consumer("--join", voucher, "--name", "app-follows", "--dir", own, "--url", url)
                        .exitCode())
                .isZero();
        send("app-follows", "1.5");
        BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        DeviceSettings settings = DeviceSettings.standard(StrictEcVerifier.bouncy());
        CompletableFuture<Void> following;
        AtomicLong acknowledged = new AtomicLong();
        try (DeviceThreads threads = new DeviceThreads(1, 1)) {
            try (Consumer consumer = Device.await(
                    Consumer.open(own, List.of(URI.create(url)), settings, threads), Duration.ofMinutes(1))) {
                following = consumer.follow(
                        0,
                        pack -> arrived.add(
                                pack.contents().measurements().get(0).number().toString()),
                        last -> consumer.acknowledge(last).thenRun(() -> acknowledged.set(last)));
                assertThat(arrived.poll(60, TimeUnit.SECONDS)).contains("1.5");
                send("app-follows", "2.5");
                assertThat(arrived.poll(60, TimeUnit.SECONDS)).contains("2.5");
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> acknowledged.get() >= 3); // an opener and two readings
            }
            assertThatThrownBy(() -> following.get(60, TimeUnit.SECONDS)).hasMessageContaining("closed");
        }
        assertThat(arrived).isEmpty();
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        assertThat(consumer("--dir", directory).errors()).contains("--dir and --url are needed");
        Launcher.Result http = consumer("--dir", directory, "--url", "http://127.0.0.1:1");
        assertThat(http.exitCode()).isEqualTo(2);
        assertThat(http.errors()).contains("--url is https://host:port");
        assertThat(consumer("--dir", directory, "--url", "https://127.0.0.1:1").errors())
                .contains("no member in");
    }
}
