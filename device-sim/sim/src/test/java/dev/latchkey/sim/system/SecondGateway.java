package dev.latchkey.sim.system;

import dev.latchkey.console.HostPort;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.device.GatewayAddress;
import dev.latchkey.host.KeyFile;
import dev.latchkey.sim.network.LocalNetwork;
import dev.latchkey.sim.process.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A gateway that the operator took into a network that runs; not for use by several threads. */
final class SecondGateway implements AutoCloseable {
    static final String NAME = "gateway-2";
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Path files;
    private final Path log;
    private final HostPort address;
    private Service service;

    private SecondGateway(Path files, Path log, HostPort address) {
        this.files = files;
        this.log = log;
        this.address = address;
    }

    static SecondGateway admitted(LocalNetwork network) throws IOException, InterruptedException {
        HostPort address = Checkout.freeUdp();
        Path files = network.path(NAME);
        network.operator(
                "gateway",
                NAME,
                "--chain",
                "seattle",
                "--listen",
                address.toString(),
                "--out",
                files.toString(),
                "--yes");
        return new SecondGateway(files, network.directory().resolve(NAME + ".log"), address);
    }

    void ensureInService() throws IOException, InterruptedException {
        if (service == null || !service.isAlive()) {
            String settings = files.resolve("gateway.conf").toString();
            service = Service.start(
                    Checkout.launcher(),
                    List.of("gateway", "--config", settings, "--admin-listen", "127.0.0.1:0"),
                    log,
                    LONGEST);
        }
    }

    GatewayAddress address() {
        return new GatewayAddress(NAME, address.host(), address.port());
    }

    /** Its DTLS key. */
    CoseKey dtls() throws IOException {
        return KeyFile.read(files.resolve("keys").resolve("dtls.pem")).publicKey();
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
    }
}
