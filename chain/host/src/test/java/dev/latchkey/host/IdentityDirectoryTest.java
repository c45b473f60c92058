package dev.latchkey.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityDirectoryTest {
    @TempDir
    Path dir;

    @Test
    void comesBackAsCreated() throws IOException {
        Path keys = dir.resolve("deep/keys");
        Identity created = IdentityDirectory.create(keys, new SecureRandom());

        assertThat(IdentityDirectory.load(keys).keys()).isEqualTo(created.keys());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
                .isEqualTo("rwx------");
        try (Stream<Path> beside = Files.list(keys.getParent())) {
            assertThat(beside).containsExactly(keys);
        }
    }

    @Test
    void fillsAnEmptyDirectory() throws IOException {
        Identity created = IdentityDirectory.create(dir, new SecureRandom());
        assertThat(IdentityDirectory.load(dir).keys()).isEqualTo(created.keys());
    }

    @Test
    void leavesADirectoryThatHoldsSomethingAlone() throws IOException {
        Identity created = IdentityDirectory.create(dir, new SecureRandom());

        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> IdentityDirectory.create(dir, new SecureRandom()));
        assertThat(IdentityDirectory.load(dir).keys()).isEqualTo(created.keys());
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> IdentityDirectory.load(dir))
                .withMessageContaining("sig.pem");
    }
}
