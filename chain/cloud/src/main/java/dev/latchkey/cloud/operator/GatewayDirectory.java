package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.HostPort;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.AtomicFile.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Settings and enrolment secret of a gateway, beside its keys. Stateless. */
final class GatewayDirectory {
    private static final int LAST_PORT = 65_535;

    private GatewayDirectory() {}

    /** Writes both; settings that are there already stay as they are. */
    static void write(
            Path directory,
            String network,
            List<NetworkChain> chains,
            String name,
            HostPort address,
            List<HostPort> cloud,
            Bytes enrolmentSecret)
            throws IOException {
        NetworkDirectory.writeSecret(directory.resolve("enrolment.secret"), enrolmentSecret.toHex());
        Path settings = directory.resolve("gateway.conf");
        if (Files.exists(settings)) {
            return;
        }
        Map<String, String> values = new HashMap<>();
        values.put("network", network);
        values.put("gateway-name", name);
        values.put("chain", chains.get(0).name());
        values.put("chain-id", chains.get(0).id().toHex());
        values.put("listen", listen(address));
        values.put("cloud", quoted(cloud));
        values.put("admin-listen", "127.0.0.1:" + adminPort(address.port()));
        AtomicFile.write(settings, Template.filled("gateway.conf.template", values), Mode.SHARED);
        for (NetworkChain further : chains.subList(1, chains.size())) {
            OperatorFiles.append(settings, further);
        }
    }

    /** The one above the devices', so that gateways on one machine have their own; any, where the devices' is any. */
    private static int adminPort(int port) {
        if (port == 0) {
            return 0;
        }
        return port == LAST_PORT ? port - 1 : port + 1;
    }

    /** A list of addresses as settings take it, without its brackets. */
    static String quoted(List<HostPort> addresses) {
        return addresses.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(", "));
    }

    /** On loopback as asked; otherwise on all addresses, since the name others use need not be one of this machine. */
    static String listen(HostPort asked) {
        boolean loopback =
                !asked.address().isUnresolved() && asked.address().getAddress().isLoopbackAddress();
        return loopback ? asked.toString() : "[::]:" + asked.port();
    }
}
