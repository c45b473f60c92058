package dev.latchkey.sim.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplainedTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path directory;

    @Test
    void aFileOfTheDeviceThatCannotBeUsedIsNamedWithTheReason() throws Exception {
        Path device = directory.resolve("one");
        IdentityDirectory.create(device, RANDOM);
        Path key = device.resolve("sig.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(said(device)).contains(key.toString(), "chmod 600");
    }

    private static String said(Path device) throws Exception {
        try (DeviceThreads threads = new DeviceThreads(1, 1)) {
            DeviceSettings settings = DeviceSettings.standard(StrictEcVerifier.bouncy());
            HandOver handOver = handOver();
            return Explained.text(catchThrowable(() ->
                    Device.await(Device.join(device, handOver, "one", settings, threads), Duration.ofSeconds(20))));
        }
    }

    private static HandOver handOver() {
        ChainId chain = new ChainId(Digest.sha256(Bytes.utf8("a chain")));
        KeyPair key = KeyPair.generate(RANDOM);
        Voucher voucher = Voucher.issue(
                chain, Bytes.wrap(new byte[Voucher.ID_BYTES]), "*", 1, Instant.now(), key.publicKey(), key);
        return new HandOver(
                "city",
                "seattle",
                chain,
                "gateway-1",
                "127.0.0.1",
                5684,
                key.publicKey(),
                voucher,
                key,
                Bytes.wrap(new byte[Enrolment.SECRET_BYTES]));
    }
}
