package dev.latchkey.cloud.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that was restored has a new replica key, and signs nothing before the policy names it. */
class NewReplicaTest {
    @TempDir
    private Path directory;

    @Test
    void theChangeThatNamesItIsProvedByItsOwnSignature() throws Exception {
        KeyPair made = KeyPair.generate(new SecureRandom());
        try (RunningNetwork network = new RunningNetwork(directory)) {
            Path file = network.net().resolve("cloud/replica.pem");
            KeyPair old = KeyFile.read(file);
            KeyPair tls = KeyFile.read(network.net().resolve("cloud/tls.pem"));
            network.restart(() -> {
                Files.delete(file);
                KeyFile.write(file, made);
            });

            int code = network.run(
                    "policy",
                    "change",
                    "--remove-replica",
                    old.publicKey().kid().toString(),
                    "--add-replica",
                    PublicKeys.text(made.publicKey()) + "," + PublicKeys.text(tls.publicKey()),
                    "--yes");

            assertThat(code).as(network.err()).isZero();
            assertThat(network.out()).contains("done: height 1");
        }
    }
}
