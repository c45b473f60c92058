package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoggedSecretsTest {
    @TempDir
    private Path directory;

    @Test
    void aKeyInALogIsFoundInEverySpelling() throws Exception {
        KeyPair key = KeyPair.generate(new SecureRandom());
        KeyFile.write(Files.createDirectories(directory.resolve("net/cloud")).resolve("tls.pem"), key);
        byte[] scalar = key.scalar().toArray();
        Path log = directory.resolve("cloud.log");

        Files.writeString(log, "in service: key=" + key.publicKey().kid());
        assertThatCode(() -> LoggedSecrets.requireNone(directory)).doesNotThrowAnyException();

        for (String spelled : new String[] {
            key.scalar().toHex(),
            Base64.getEncoder().encodeToString(scalar),
            new String(scalar, StandardCharsets.ISO_8859_1)
        }) {
            Files.writeString(log, "key=" + spelled + "\n", StandardCharsets.ISO_8859_1);
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> LoggedSecrets.requireNone(directory))
                    .withMessage("cloud.log holds the secret of tls.pem");
        }
    }
}
