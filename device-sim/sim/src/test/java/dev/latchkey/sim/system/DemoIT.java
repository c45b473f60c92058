package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.sim.process.Launcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code latchkey demo} as its users start it. */
@Execution(ExecutionMode.CONCURRENT)
final class DemoIT {
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private final Launcher launcher = Checkout.launcher();

    @TempDir
    private Path directory;

    @Test
    void everyReadingArrivesAndTheTableSaysSo() throws Exception {
        Path data = directory.resolve("data");
        Launcher.Result demo = launcher.run(
                LONGEST,
                List.of("demo", "--devices", "4", "--readings", "40", "--seed", "7", "--data", data.toString()));
        assertThat(demo.errors()).isEmpty();
        assertThat(demo.exitCode()).as(demo.output()).isZero();
        assertThat(demo.output())
                .contains("4 handhelds, 40 readings, seed 7")
                .containsPattern("(?m)^members +6 ")
                .containsPattern("(?m)^readings sent +40 ")
                .containsPattern("(?m)^  acknowledged on disk +40 ")
                .containsPattern("(?m)^  opened +40 ")
                .containsPattern("(?m)^  equal to the source +40 ")
                .containsPattern("(?m)^bytes of a reading +1[0-9][0-9] B ")
                .containsPattern("(?m)^send to opened, p50 +[0-9.]+ m?s ")
                .containsPattern("(?m)^send to opened, p99 +[0-9.]+ m?s")
                .containsPattern("(?m)^join, p50 +[0-9.]+ m?s ")
                .contains("Every reading was opened by its recipient and equals its source.");
        int blocks = figure(demo.output(), "blocks");
        assertThat(blocks).isBetween(2, 8);
        assertThat(figure(demo.output(), "height verified")).isEqualTo(blocks - 1);
        assertThat(data.resolve("cloud.log")).exists();
    }

    private static int figure(String output, String row) {
        return output.lines()
                .filter(line -> line.startsWith(row + " "))
                .map(line -> line.substring(row.length()).strip().split(" ")[0].replace(",", ""))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void stopsAllItStartedOnASignal() throws Exception {
        try (StartedDemo demo = new StartedDemo()) {
            List<ProcessHandle> roles = demo.rolesInService();
            // not INT, which a shell that runs the tests in the background has its children ignore
            new ProcessBuilder("kill", "-TERM", Long.toString(demo.process.pid()))
                    .start()
                    .waitFor();
            assertThat(demo.process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(demo.process.exitValue()).isEqualTo(143);
            assertThat(demo.rest())
                    .endsWith("stopped; files are kept in " + demo.data + "\n")
                    .doesNotContain("failed", "not sent", "figure");
            assertThat(roles).hasSize(2).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void nothingOutlivesADemoThatIsKilled() throws Exception {
        try (StartedDemo demo = new StartedDemo()) {
            List<ProcessHandle> roles = demo.rolesInService();
            demo.process.destroyForcibly().waitFor();
            assertThat(roles).hasSize(2);
            await().atMost(LONGEST).untilAsserted(() -> assertThat(roles).noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void namesTheReadingsThatADeadGatewayCost() throws Exception {
        try (StartedDemo demo = new StartedDemo()) {
            ProcessHandle gateway = demo.rolesInService().stream()
                    .filter(role -> role.info().commandLine().orElse("").contains("GatewayMain"))
                    .findFirst()
                    .orElseThrow();
            demo.readUntil("  opened");
            gateway.destroyForcibly();
            String rest = demo.rest();
            assertThat(demo.process.waitFor()).isEqualTo(1);
            assertThat(rest)
                    .contains("the gateway ended with 137")
                    .containsPattern("of 4000 readings were not sent")
                    .contains("files and logs are kept in " + demo.data);
            assertThat(demo.data.resolve("gateway.log")).exists();
        }
    }

    /**
     * What a shell starts in the background ignores SIGINT, and so does all that it starts; a JVM then never hears of it.
     * When these tests run like that, the demo is to run as if from a terminal all the same.
     */
    private static ProcessBuilder heedingInterrupts(ProcessBuilder process) throws IOException {
        List<String> reset = List.of("env", "--default-signal=INT");
        List<String> command = new ArrayList<>(reset);
        command.addAll(process.command());
        List<String> probe = new ArrayList<>(reset);
        probe.add("true");
        try {
            return new ProcessBuilder(probe).start().waitFor() == 0 ? process.command(command) : process;
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    /** A demo with more to do than it will be given time for. */
    private final class StartedDemo implements AutoCloseable {
        final Path data = directory.resolve("started");
        final Process process;
        private final BufferedReader output;

        StartedDemo() throws IOException {
            ProcessBuilder demo = launcher.process(
                    List.of("demo", "--devices", "3", "--readings", "4000", "--data", data.toString()));
            process = heedingInterrupts(demo).redirectErrorStream(true).start();
            output = process.inputReader();
        }

        /** Cloud node and gateway, once devices join. */
        List<ProcessHandle> rolesInService() throws IOException {
            readUntil("* join");
            return process.descendants().toList();
        }

        void readUntil(String beginning) throws IOException {
            StringBuilder seen = new StringBuilder();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                seen.append(line).append('\n');
                if (line.startsWith(beginning)) {
                    return;
                }
            }
            throw new AssertionError("the demo ended early: " + seen);
        }

        String rest() throws IOException {
            StringBuilder rest = new StringBuilder();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                rest.append(line).append('\n');
            }
            return rest.toString();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
