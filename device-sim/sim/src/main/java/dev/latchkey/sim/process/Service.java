package dev.latchkey.sim.process;

import dev.latchkey.console.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A cloud node or gateway in a process of its own, in service from construction until it is stopped; safe for use by
 * many threads. It ends with this process, whatever ends this process: its standard input is a pipe from here.
 */
public final class Service implements AutoCloseable {
    /** A clean stop writes what is in memory; a process that needs longer has lost its way. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

    private static final String READY = "READY ";

    private final String name;
    private final Process process;
    private final Path log;
    private final Map<String, HostPort> addresses;

    private Service(String name, Process process, Path log, Map<String, HostPort> addresses) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.addresses = addresses;
    }

    /**
     * Starts a role and waits until it says that it is in service.
     *
     * @param arguments the launcher's; {@code --stop-with-stdin} is added
     * @param log file that takes all it prints, after what an earlier start printed
     * @throws ServiceFailedException if it ended or was silent too long; it does not run then
     */
    public static Service start(Launcher launcher, List<String> arguments, Path log, Duration longest)
            throws IOException, InterruptedException {
        String name = arguments.get(0);
        List<String> all = new ArrayList<>(arguments);
        all.add("--stop-with-stdin");
        Process process = launcher.process(all)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        CompletableFuture<String> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> follow(process, log, ready), "output-of-" + name);
        reader.setDaemon(true);
        reader.start();
        boolean started = false;
        try {
            String line = ready.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            Map<String, HostPort> addresses = addresses(line);
            started = true;
            return new Service(name, process, log, addresses);
        } catch (ExecutionException e) {
            process.waitFor(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
            String how = process.isAlive() ? "closed its output" : "ended with " + process.exitValue();
            throw new ServiceFailedException(name, how, log, lastLine(log));
        } catch (TimeoutException e) {
            throw new ServiceFailedException(name, "did not come into service", log, lastLine(log));
        } finally {
            if (!started) {
                process.destroyForcibly();
            }
        }
    }

    /** Runs on a thread of its own until the process closes its output. */
    private static void follow(Process process, Path log, CompletableFuture<String> ready) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                Files.writeString(
                        log, line + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                if (line.startsWith(READY)) {
                    ready.complete(line);
                }
            }
            ready.completeExceptionally(new IOException("the process closed its output"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** {@code READY coaps=127.0.0.1:5684 admin=127.0.0.1:5685}. */
    private static Map<String, HostPort> addresses(String line) throws IOException {
        Map<String, HostPort> addresses = new LinkedHashMap<>();
        try {
            for (String part : line.substring(READY.length()).strip().split(" +")) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    addresses.put(part.substring(0, equals), HostPort.parse(part.substring(equals + 1)));
                }
            }
            return Map.copyOf(addresses);
        } catch (IllegalArgumentException e) {
            throw new IOException("a READY line that cannot be read", e);
        }
    }

    /**
     * Where one of its endpoints listens.
     *
     * @param endpoint as its READY line calls it: {@code https}, {@code coaps} or {@code admin}
     */
    public HostPort address(String endpoint) {
        return Optional.ofNullable(addresses.get(endpoint))
                .orElseThrow(() -> new IllegalStateException("the " + name + " announced no such endpoint"));
    }

    /** Fails when the process ends, whoever ended it; never completes otherwise. */
    public CompletableFuture<Void> ended() {
        return process.onExit().thenCompose(ended -> {
            try {
                return CompletableFuture.failedFuture(
                        new ServiceFailedException(name, "ended with " + ended.exitValue(), log, lastLine(log)));
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Path log() {
        return log;
    }

    public long pid() {
        return process.pid();
    }

    /** Asks it to stop, as the end of this process would; returns when it has ended. */
    public int stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return ended("did not stop in time");
    }

    /** Ends it as a power failure would, without a chance to write anything (SIGKILL). */
    public void kill() throws IOException, InterruptedException {
        process.destroyForcibly();
        ended("survived SIGKILL");
    }

    /** SIGTERM, as a service manager stops it. */
    public int terminate() throws IOException, InterruptedException {
        process.destroy();
        return ended("did not stop in time");
    }

    private int ended(String otherwise) throws IOException, InterruptedException {
        if (!process.waitFor(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new ServiceFailedException(name, otherwise, log, lastLine(log));
        }
        return process.exitValue();
    }

    /** Stops it cleanly if it can, else by force. Ends within the time a stop may take. */
    @Override
    public void close() {
        try {
            stop();
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String lastLine(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        return Files.readAllLines(log, StandardCharsets.UTF_8).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith(READY.strip()))
                .reduce("", (before, line) -> line);
    }
}
