package dev.latchkey.sim.bench;

import dev.latchkey.coap.BareEcho;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A DTLS server in a process of its own, so that its CPU time is nobody else's; for {@link HandshakesBench} and {@link
 * IngestBench}. The process ends when its standard input does.
 */
final class HandshakeServer implements AutoCloseable {
    private static final String PORT = "PORT ";
    private static final String FAST = "fast";
    private static final int CONNECTION_ID_BYTES = 6;
    private static final List<String> SMALL = List.of("-Xmx256m");

    /** As many as a gateway has. */
    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final Process process;
    private final InetSocketAddress address;

    private HandshakeServer(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** What the process runs: with our provider if the argument is "fast", else with what the JDK has. */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals(FAST)) {
            EcProviders.install();
        }
        try (BareEcho echo = BareEcho.start(KeyPair.generate(new SecureRandom()), CONNECTION_ID_BYTES, THREADS)) {
            System.out.println(PORT + echo.address().getPort());
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    /** Starts one and waits until it listens. */
    static HandshakeServer start(boolean fast) throws IOException {
        return start(fast, SMALL);
    }

    /** The same on a JVM with these options. */
    static HandshakeServer start(boolean fast, List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), HandshakeServer.class.getName(), fast ? FAST : "jdk"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(PORT)) {
                int port = Integer.parseInt(line.substring(PORT.length()));
                return new HandshakeServer(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
        }
        process.destroyForcibly();
        throw new IOException("the server's process ended before it listened");
    }

    InetSocketAddress address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    /** CPU time of the whole process so far, in steps of 10 ms. */
    Duration cpuTime() throws IOException {
        Optional<Duration> used = process.info().totalCpuDuration();
        return used.orElseThrow(() -> new IOException("the system does not tell a process's CPU time"));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
