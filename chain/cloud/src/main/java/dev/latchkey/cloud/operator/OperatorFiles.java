package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Settings;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.AtomicFile.Mode;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an operator's directory says of its network. Immutable.
 *
 * @param chains its sub-networks, the first one first
 * @param cloud where cloud nodes are reached, if it says so
 * @param gateway the address that devices begin with
 * @param adminKeys directory of the admin's keys
 * @param operatorKeys files of operators' keys; those that were carried away are not there
 * @param enrolmentSecret file of the secret that operator and gateways share
 */
record OperatorFiles(
        String network,
        List<NetworkChain> chains,
        List<HostPort> cloud,
        String gatewayName,
        HostPort gateway,
        CoseKey gatewayDtls,
        Path adminKeys,
        List<Path> operatorKeys,
        Path enrolmentSecret) {
    private static final String FILE = "network.conf";
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_SECRET_FILE_BYTES = 2 * Enrolment.SECRET_BYTES + 2;

    /** Reads {@code network.conf} of an operator's directory. */
    static OperatorFiles read(Path directory) {
        Settings settings = Settings.load(directory.resolve(FILE), OperatorFiles.class, FILE);
        Settings gateway = settings.section("gateway");
        List<NetworkChain> chains = new ArrayList<>(List.of(chain(settings.section("chain"))));
        settings.sections("chains", "id", "name").forEach(further -> chains.add(chain(further)));
        return new OperatorFiles(
                settings.string("network"),
                List.copyOf(chains),
                settings.section("cloud").addresses("addresses"),
                gateway.string("name"),
                gateway.address("address"),
                key(gateway),
                settings.path("admin"),
                settings.strings("operators").stream()
                        .map(file -> directory.resolve(file).normalize())
                        .toList(),
                settings.path("enrolment-secret"));
    }

    /** Adds a sub-network to {@code network.conf} of an operator's directory. */
    static void add(Path directory, NetworkChain chain) throws IOException {
        append(directory.resolve(FILE), chain);
    }

    /** Adds a sub-network to the list {@code chains} at the end of a settings file; what stands there stays. */
    static void append(Path file, NetworkChain chain) throws IOException {
        String before = AtomicFile.read(file, MAX_FILE_BYTES).toUtf8();
        String line = "chains += { id = \"" + chain.id().toHex() + "\", name = \"" + chain.name() + "\" }\n";
        if (!before.contains(line)) {
            AtomicFile.write(file, Bytes.utf8(before + (before.endsWith("\n") ? "" : "\n") + line), Mode.SHARED);
        }
    }

    private static NetworkChain chain(Settings chain) {
        try {
            return new NetworkChain(ChainId.fromHex(chain.string("id")), chain.string("name"));
        } catch (IllegalArgumentException e) {
            throw chain.fault("id", "must be 64 hexadecimal digits");
        }
    }

    private static CoseKey key(Settings gateway) {
        try {
            return CoseKey.decode(Bytes.fromHex(gateway.string("dtls-key")));
        } catch (IllegalArgumentException | MalformedKeyException e) {
            throw gateway.fault("dtls-key", "must be a COSE_Key in hexadecimal");
        }
    }

    /** The sub-network of that name, or the first one. */
    NetworkChain chain(Optional<String> name) {
        if (name.isEmpty()) {
            return chains.get(0);
        }
        return chains.stream()
                .filter(chain -> chain.name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> new UsageFault("network.conf names no sub-network " + name.get() + "; it names "
                        + String.join(
                                ", ", chains.stream().map(NetworkChain::name).toList())));
    }

    /** Directory of the keys of that sub-network's admin: its own one's, if it has one. */
    Path adminKeys(NetworkChain chain) {
        Path own = ownAdminKeys(chain.name());
        return Files.isDirectory(own) ? own : adminKeys;
    }

    /** Where the keys of a sub-network's own admin are, if it has one. */
    Path ownAdminKeys(String chainName) {
        return adminKeys.resolveSibling(adminKeys.getFileName() + "-" + chainName);
    }

    /** The enrolment secret, from a file that only its owner may read. */
    Bytes secret() throws IOException {
        if (!Files.exists(enrolmentSecret)) {
            throw new UsageFault("no enrolment secret " + enrolmentSecret);
        }
        Set<PosixFilePermission> owner = Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        if (!owner.containsAll(Files.getPosixFilePermissions(enrolmentSecret))) {
            throw new UsageFault("others can read the enrolment secret: chmod 600 " + enrolmentSecret);
        }
        try {
            Bytes secret = Bytes.fromHex(AtomicFile.read(enrolmentSecret, MAX_SECRET_FILE_BYTES)
                    .toUtf8()
                    .strip());
            if (secret.size() == Enrolment.SECRET_BYTES) {
                return secret;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageFault("the enrolment secret is not 64 hexadecimal digits: " + enrolmentSecret);
        }
        throw new UsageFault("the enrolment secret is not 64 hexadecimal digits: " + enrolmentSecret);
    }
}
