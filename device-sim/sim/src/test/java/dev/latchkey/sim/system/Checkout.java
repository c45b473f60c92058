package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.HostPort;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is built in this checkout. */
final class Checkout {
    private static final Path ROOT = Path.of(System.getProperty("latchkey.root"));

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

    /** Loopback with a TCP port that is free now. */
    static HostPort freeTcp() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }
    }

    /** Loopback with a UDP port that is free now. */
    static HostPort freeUdp() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return new HostPort("127.0.0.1", socket.getLocalPort());
        }
    }
}
