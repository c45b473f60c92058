package dev.latchkey.cloud;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code latchkey cloud} as a process of its own, on the Java that runs the test. For one thread. */
final class CloudProcess implements AutoCloseable {
    private static final int FIRST_WITH_NATIVE_WARNINGS = 24;
    /** A process of a test is over before the second compiler pays off; and the tests' own JVM has checked the same classes. */
    static final List<String> FEWER_SECONDS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
            "-Xmx512m");

    private final Process process;
    private final Path log;
    private boolean stopped;

    private CloudProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it, and does not wait.
     *
     * @param log where its standard error goes, behind what is there
     * @param before a command that runs the process, empty for none
     */
    static CloudProcess begun(Path config, Path log, List<String> before, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= FIRST_WITH_NATIVE_WARNINGS) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(FEWER_SECONDS);
        command.addAll(List.of("-cp", classPath(), CloudMain.class.getName()));
        command.addAll(List.of("cloud", "--stop-with-stdin", "--config", config.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new CloudProcess(builder.start(), log);
    }

    /** That of the tests, with BouncyCastle's unsigned jar in front where it is built, as the launcher has it. */
    static String classPath() {
        Path unsigned =
                Path.of(System.getProperty("latchkey.root"), "chain/ledger/target/unsigned/bcprov-unsigned.jar");
        String all = System.getProperty("java.class.path");
        return Files.exists(unsigned) ? unsigned + File.pathSeparator + all : all;
    }

    /** Waits for its READY line. */
    void awaitReady() throws IOException {
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null || !line.startsWith("READY https=")) {
            kill();
            throw new IOException("instead of READY: " + line + "\n" + Files.readString(log));
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL; returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        ended();
    }

    /** SIGSTOP: from now on it does nothing, and all its connections stand. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
        stopped = true;
    }

    /** SIGCONT. */
    void goOn() throws IOException, InterruptedException {
        signal("CONT");
        stopped = false;
    }

    /** SIGTERM; returns its exit code. */
    int terminate() {
        process.toHandle().destroy(); // the process's own destroy would close its standard input as well
        return ended();
    }

    /** Waits until it has ended by itself; returns its exit code. */
    int ended() {
        return ended(60);
    }

    int ended(long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("no signal: " + name);
        }
    }

    @Override
    public void close() {
        if (stopped || process.isAlive()) {
            kill(); // SIGKILL reaches a stopped one too
        }
    }
}
