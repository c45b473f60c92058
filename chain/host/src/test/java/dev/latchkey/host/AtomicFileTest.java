package dev.latchkey.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AtomicFileTest {
    private static final Bytes OLD = Bytes.utf8("old");
    private static final Bytes NEW = Bytes.utf8("new and longer");

    @TempDir
    Path dir;

    @Test
    void writesAndReplaces() throws IOException {
        Path file = dir.resolve("file");
        AtomicFile.write(file, OLD, AtomicFile.Mode.SHARED);
        AtomicFile.write(file, NEW, AtomicFile.Mode.PRIVATE);

        assertThat(AtomicFile.read(file, NEW.size())).isEqualTo(NEW);
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(names()).containsExactly("file");
    }

    @Test
    void refusesToReadMoreThanItMay() throws IOException {
        Path file = dir.resolve("file");
        AtomicFile.write(file, NEW, AtomicFile.Mode.SHARED);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> AtomicFile.read(file, NEW.size() - 1))
                .withMessageContaining("longer");
    }

    @Test
    void takesItsStepsInTheOrderThatSurvivesACrash() throws IOException {
        Recording disk = new Recording("none");
        AtomicFile.write(disk, dir.resolve("file"), NEW, AtomicFile.Mode.PRIVATE);

        assertThat(disk.steps)
                .containsExactly("create", "write", "write", "write", "write", "write", "force", "rename", "directory");
    }

    @Test
    void theTemporaryFileIsPrivateFromItsFirstMoment() throws IOException {
        Recording disk = new Recording("write");
        disk.keepTemporary = true;
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> AtomicFile.write(disk, dir.resolve("file"), NEW, AtomicFile.Mode.PRIVATE));

        assertThat(permissions(dir.resolve(names().get(0)))).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "write", "force", "rename"})
    void aStepThatFailsLeavesTheOldContentAndNothingElse(String step) throws IOException {
        Path file = dir.resolve("file");
        AtomicFile.write(file, OLD, AtomicFile.Mode.SHARED);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> AtomicFile.write(new Recording(step), file, NEW, AtomicFile.Mode.SHARED))
                .withMessage(step);

        assertThat(AtomicFile.read(file, 100)).isEqualTo(OLD);
        assertThat(names()).containsExactly("file");
    }

    @Test
    void aNameThatIsNotDurableIsReported() throws IOException {
        Path file = dir.resolve("file");
        AtomicFile.write(file, OLD, AtomicFile.Mode.SHARED);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> AtomicFile.write(new Recording("directory"), file, NEW, AtomicFile.Mode.SHARED));

        assertThat(AtomicFile.read(file, 100)).isEqualTo(NEW);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(dir)) {
            return entries.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** Writes at most three bytes at once, keeps what was asked of it, and fails at one step. */
    private static final class Recording implements Disk {
        final List<String> steps = new ArrayList<>();
        final String failing;
        boolean keepTemporary;

        Recording(String failing) {
            this.failing = failing;
        }

        private void step(String name) throws IOException {
            steps.add(name);
            if (name.equals(failing)) {
                throw new IOException(name);
            }
        }

        @Override
        public FileChannel create(Path file, AtomicFile.Mode mode) throws IOException {
            step("create");
            return REAL.create(file, mode);
        }

        @Override
        public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
            step("write");
            ByteBuffer some = bytes.slice(bytes.position(), Math.min(3, bytes.remaining()));
            bytes.position(bytes.position() + some.remaining());
            REAL.write(channel, some);
        }

        @Override
        public void force(FileChannel channel) throws IOException {
            step("force");
            REAL.force(channel);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            step("rename");
            REAL.rename(from, to);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            step("directory");
            REAL.forceDirectory(directory);
        }

        @Override
        public void makeDirectory(Path directory) throws IOException {
            REAL.makeDirectory(directory);
        }

        @Override
        public Optional<String> stamp(Path file) throws IOException {
            return REAL.stamp(file);
        }

        @Override
        public void delete(Path file) throws IOException {
            if (!keepTemporary) {
                REAL.delete(file);
            }
        }
    }
}
