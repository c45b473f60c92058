package dev.latchkey.sim.network;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.console.UsageFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a file that is no hand-over as it should be. */
final class HandOverFileTest {
    @TempDir
    private Path directory;

    private Path file(String permissions) throws Exception {
        Path file = Files.writeString(directory.resolve("voucher"), "something else");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-r--r--"})
    void refusesAFileThatOthersMayUse(String permissions) throws Exception {
        Path file = file(permissions);
        assertThatThrownBy(() -> HandOverFile.read(file))
                .isInstanceOf(UsageFault.class)
                .hasMessageContainingAll(file.toString(), "chmod 600");
    }

    @Test
    void saysWhatToDoAboutAFileThatIsNoHandOver() throws Exception {
        Path file = file("rw-------");
        assertThatThrownBy(() -> HandOverFile.read(file))
                .isInstanceOf(UsageFault.class)
                .hasMessageContainingAll(file.toString(), "latchkey operator voucher");
    }
}
