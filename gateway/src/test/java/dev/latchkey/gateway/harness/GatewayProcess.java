package dev.latchkey.gateway.harness;

import dev.latchkey.console.HostPort;
import dev.latchkey.gateway.GatewayMain;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code latchkey gateway} as a process of its own, on the Java that runs the test. */
public final class GatewayProcess implements AutoCloseable {
    private static final int FIRST_WITH_NATIVE_WARNINGS = 24;
    /** A process of a test is over before the second compiler pays off; and the tests' own JVM has checked the same classes. */
    private static final List<String> FEWER_SECONDS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote");

    /** What the exit code of a process tells that SIGKILL has ended. */
    private static final int KILLED = 128 + 9;

    private final Process process;
    private InetSocketAddress address;
    private InetSocketAddress adminAddress;

    private GatewayProcess(Process process) {
        this.process = process;
    }

    /** Starts it and waits for its READY line. */
    public static GatewayProcess ready(Path config, String... options) throws IOException {
        return ready(new GatewayProcess(command(FEWER_SECONDS, config, options).start()));
    }

    /** The same with options for its Java; what it says on standard error goes to a file. */
    public static GatewayProcess ready(Path config, Path errors, List<String> javaOptions) throws IOException {
        return ready(new GatewayProcess(command(javaOptions, config)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start()));
    }

    private static GatewayProcess ready(GatewayProcess started) throws IOException {
        if (!started.awaitReady()) {
            throw new IOException("it ended before it was ready: "
                    + new String(started.process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        return started;
    }

    /** Starts it and does not wait; what it says on standard error goes to a file. */
    public static GatewayProcess begun(Path config, Path errors, List<String> javaOptions) throws IOException {
        return new GatewayProcess(command(javaOptions, config)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start());
    }

    /** Waits for the READY line; false if the process ended before it. */
    public boolean awaitReady() throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            awaitEnd();
            return false;
        }
        if (!line.matches("READY coaps=[0-9.:]+ admin=[0-9.:]+( metrics=[0-9.:]+)?")) {
            kill();
            throw new IOException("instead of READY: " + line);
        }
        address = HostPort.parse(line.split("[ =]")[2]).address();
        adminAddress = HostPort.parse(line.split("[ =]")[4]).address();
        return true;
    }

    /** Runs it to its end, which has to come by itself. */
    public static Ended ended(Path config, String... options) throws IOException, InterruptedException {
        Process process = command(FEWER_SECONDS, config, options).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), err);
    }

    /** How a process ended. */
    public record Ended(int code, String err) {}

    public InetSocketAddress address() {
        return address;
    }

    /** Where administrators connect. */
    public InetSocketAddress adminAddress() {
        return adminAddress;
    }

    /** The process's number. */
    public long pid() {
        return process.pid();
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Sends SIGKILL after a time, wherever it is then. */
    public void killAfter(Duration time) {
        CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Waits until it has ended, and tells whether it was by a signal of {@link #kill} or {@link #killAfter}. */
    public boolean wasKilled() {
        awaitEnd();
        return process.exitValue() == KILLED;
    }

    /** SIGTERM; returns its exit code. */
    public int terminate() {
        process.destroy();
        awaitEnd();
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ProcessBuilder command(List<String> javaOptions, Path config, String... options) {
        String launcher = System.getProperty("latchkey.test.launcher");
        if (launcher != null) {
            return launched(launcher, config, options);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= FIRST_WITH_NATIVE_WARNINGS) {
            // As the launcher does: else the JVM warns of native libraries on standard error.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(javaOptions);
        command.addAll(
                List.of("-cp", classPath(), GatewayMain.class.getName(), "gateway", "--config", config.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command);
    }

    /** That of the tests, with BouncyCastle's unsigned jar in front where it is built, as the launcher has it. */
    private static String classPath() {
        Path unsigned =
                Path.of(System.getProperty("latchkey.root"), "chain/ledger/target/unsigned/bcprov-unsigned.jar");
        String all = System.getProperty("java.class.path");
        return Files.exists(unsigned) ? unsigned + File.pathSeparator + all : all;
    }

    /** As an operator starts it, to measure: with the launcher's own choice of jars and options. */
    private static ProcessBuilder launched(String launcher, Path config, String... options) {
        List<String> command = new ArrayList<>(List.of(launcher, "gateway", "--config", config.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LATCHKEY_NO_BUILD", "1");
        return builder;
    }
}
