package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.HostPort;
import dev.latchkey.sim.process.Launcher;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** What is built in this checkout. */
final class Checkout {
    private static final Path ROOT = Path.of(System.getProperty("latchkey.root"));

    /** Below those that Linux gives to clients: a server that is stopped for a while finds its port free again. */
    private static final int FIRST_PORT = 15_000;

    private static final int LAST_PORT = 32_768;

    private Checkout() {}

    /** The launcher, once everything that it starts is there. */
    static Launcher launcher() {
        for (String role : List.of("chain/cloud", "gateway", "device-sim/sim")) {
            assertThat(ROOT.resolve(role).resolve("target/runtime.classpath"))
                    .as("%s is not packaged: run mvn verify on the whole project, or ./latchkey --build", role)
                    .exists();
        }
        return new Launcher(ROOT.resolve("latchkey"));
    }

    /** The tar.gz of a role, as {@code mvn package} makes it. */
    static Path packageOf(String role) throws IOException {
        Path module = ROOT.resolve(
                switch (role) {
                    case "cloud" -> "chain/cloud";
                    case "sim" -> "device-sim/sim";
                    default -> role;
                });
        try (Stream<Path> built = Files.list(module.resolve("target"))) {
            return built.filter(file -> file.getFileName().toString().matches("latchkey-" + role + "-.*\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Loopback with a TCP port that is free now, and that the system gives to no client meanwhile. */
    static HostPort freeTcp() throws IOException {
        return free(address -> new ServerSocket(address.getPort(), 1, address.getAddress()));
    }

    /** Loopback with a UDP port that is free now, and that the system gives to no client meanwhile. */
    static HostPort freeUdp() throws IOException {
        return free(DatagramSocket::new);
    }

    /** Something that takes a port. */
    private interface Taking {
        Closeable take(InetSocketAddress address) throws IOException;
    }

    private static HostPort free(Taking taking) throws IOException {
        for (int tries = 0; ; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try {
                taking.take(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .close();
                return new HostPort("127.0.0.1", port);
            } catch (BindException e) {
                if (tries == 1_000) {
                    throw e;
                }
            }
        }
    }
}
