package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Settings;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * What an operator's directory says of its network. Immutable.
 *
 * @param gateway the address that devices begin with
 * @param adminKeys directory of the keys that sign vouchers
 * @param enrolmentSecret file of the secret that operator and gateways share
 */
record OperatorFiles(
        String network,
        ChainId chain,
        String chainName,
        String gatewayName,
        HostPort gateway,
        CoseKey gatewayDtls,
        Path adminKeys,
        Path enrolmentSecret) {
    private static final int MAX_SECRET_FILE_BYTES = 2 * Enrolment.SECRET_BYTES + 2;

    /** Reads {@code network.conf} of an operator's directory. */
    static OperatorFiles read(Path directory) {
        Settings settings = Settings.load(directory.resolve("network.conf"), OperatorFiles.class, "network.conf");
        Settings chain = settings.section("chain");
        Settings gateway = settings.section("gateway");
        return new OperatorFiles(
                settings.string("network"),
                chainId(chain),
                chain.string("name"),
                gateway.string("name"),
                gateway.address("address"),
                key(gateway),
                settings.path("admin"),
                settings.path("enrolment-secret"));
    }

    private static ChainId chainId(Settings chain) {
        try {
            return ChainId.fromHex(chain.string("id"));
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
