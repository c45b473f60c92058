package dev.latchkey.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
    @TempDir
    Path dir;

    @Test
    void onlyTheOwnerEntersWhatItMakes() throws IOException {
        Path made = PrivateDirectory.make(dir.resolve("a").resolve("b"));
        assertThat(mode(made)).isEqualTo("rwx------");
        assertThat(mode(made.getParent())).isEqualTo("rwx------");
    }

    @Test
    void leavesTheModeOfWhatIsThere() throws IOException {
        Path there = Files.createDirectory(dir.resolve("a"));
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(mode(PrivateDirectory.make(there))).isEqualTo("rwxr-x---");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
