package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.console.UsageFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The secret's file, whole and with any one byte of it another. */
class EnrolmentSecretTest {
    private static final String SECRET = "0123456789abcdef".repeat(4);

    @TempDir
    Path directory;

    @Test
    void whateverOneByteBecomesItIsRefusedByName() throws Exception {
        Path file = Files.createFile(
                directory.resolve("enrolment.secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] whole = (SECRET + "\n").getBytes(StandardCharsets.US_ASCII);
        Files.write(file, whole);
        assertThat(EnrolmentSecret.read(file).toHex()).isEqualTo(SECRET);
        for (int value = 0; value < 256; value++) {
            if ("0123456789abcdef".indexOf(value) < 0) {
                byte[] other = whole.clone();
                other[20] = (byte) value;
                Files.write(file, other);
                assertThatThrownBy(() -> EnrolmentSecret.read(file))
                        .isInstanceOf(UsageFault.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageNotContaining("\n");
            }
        }
    }
}
