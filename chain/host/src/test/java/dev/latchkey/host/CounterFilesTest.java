package dev.latchkey.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state comes back when it is provably the last, and in no other case. */
class CounterFilesTest {
    private static final String KEY = "bob@tacoma";
    private static final Bytes FIRST = Bytes.utf8("the state after the first");
    private static final Bytes SECOND = Bytes.utf8("the state after the second");
    private static final Bytes OTHER = Bytes.utf8("the state of another session");

    @TempDir
    Path temp;

    private Path device;
    private Optional<String> boot = Optional.of("this boot");

    @BeforeEach
    void directory() throws IOException {
        device = Files.createDirectory(temp.resolve("device"));
    }

    /** As a process that starts finds them. */
    private CounterFiles started(Path directory) {
        return new CounterFiles(Disk.REAL, directory.resolve("out"), directory.resolve("marks"), () -> boot);
    }

    private CounterFiles counters(Disk disk) {
        return new CounterFiles(disk, device.resolve("out"), device.resolve("marks"), () -> boot);
    }

    private Optional<Bytes> readAfterRestart() {
        return started(device).read(KEY);
    }

    private void keep(Bytes... states) throws IOException {
        CounterFiles counters = started(device);
        for (Bytes state : states) {
            counters.keep(KEY, state);
        }
    }

    private Path state() {
        return device.resolve("out").resolve(CounterFiles.name(KEY));
    }

    private Path mark() {
        return device.resolve("marks").resolve(CounterFiles.name(KEY));
    }

    @Test
    void theLastStateComesBackAfterEachRestart() throws IOException {
        keep(FIRST, SECOND);
        assertThat(readAfterRestart()).contains(SECOND);
        assertThat(readAfterRestart()).contains(SECOND);
        CounterFiles resumed = started(device);
        assertThat(resumed.read(KEY)).contains(SECOND);
        resumed.keep(KEY, FIRST);
        assertThat(readAfterRestart()).contains(FIRST);
    }

    @Test
    void filesAreForTheOwnerOnlyAndTellNoName() throws IOException {
        keep(FIRST);
        for (Path file : List.of(state(), mark())) {
            assertThat(permissions(file)).isEqualTo("rw-------");
            assertThat(permissions(file.getParent())).isEqualTo("rwx------");
            assertThat(file.getFileName().toString()).matches("[0-9a-f]{32}");
        }
        assertThat(filesIn(device)).containsExactlyInAnyOrder(state(), mark());
    }

    @Test
    void aMissingStateOrMarkIsNoState() throws IOException {
        assertThat(readAfterRestart()).isEmpty();
        keep(FIRST);
        Files.delete(mark());
        assertThat(readAfterRestart()).isEmpty();
        assertThat(state()).doesNotExist();
        keep(FIRST);
        Files.delete(state());
        assertThat(readAfterRestart()).isEmpty();
    }

    @Test
    void aStateThatIsCutOffAnywhereIsNoState() throws IOException {
        keep(FIRST);
        int size = (int) Files.size(state());
        for (int length = 0; length < size; length++) {
            keep(FIRST);
            Bytes whole = Bytes.wrap(Files.readAllBytes(state()));
            Files.write(state(), whole.slice(0, length).toArray());
            assertThat(readAfterRestart()).as("length %d", length).isEmpty();
        }
    }

    @Test
    void aFlippedBitAnywhereIsNoStateEvenWhereItsTimeOfChangeIsNotKnown() throws IOException {
        Timeless disk = new Timeless();
        for (Path file : List.of(state(), mark())) {
            int size = 1;
            for (int at = 0; at < size; at++) {
                counters(disk).keep(KEY, FIRST);
                byte[] bytes = Files.readAllBytes(file);
                size = bytes.length;
                bytes[at] ^= (byte) (1 << at % 8);
                Files.write(file, bytes);
                assertThat(counters(disk).read(KEY)).as("byte %d", at).isEmpty();
            }
        }
    }

    @Test
    void aStateOfBeforeTheMachineWasStartedIsNoState() throws IOException {
        keep(FIRST);
        boot = Optional.of("another boot");
        assertThat(readAfterRestart()).isEmpty();
        assertThat(filesIn(device)).isEmpty();
    }

    @Test
    void whereTheBootIsNotKnownNothingComesBack() throws IOException {
        boot = Optional.empty();
        keep(FIRST);
        assertThat(readAfterRestart()).isEmpty();
    }

    @Test
    void whereTheFileSystemTellsNoTimeOfChangeNothingComesBack() throws IOException {
        Disk blind = new ForwardingDisk() {
            @Override
            public Optional<String> stamp(Path file) {
                return Optional.empty();
            }
        };
        CounterFiles counters = counters(blind);
        counters.keep(KEY, FIRST);
        counters.keep(KEY, SECOND);
        assertThat(counters(blind).read(KEY)).isEmpty();
    }

    @Test
    void anOlderStatePutBackAloneIsNoState() throws IOException {
        keep(FIRST);
        copy(device.resolve("out"), temp.resolve("backup"));
        keep(SECOND);
        copy(temp.resolve("backup"), device.resolve("out"));
        assertThat(readAfterRestart()).isEmpty();
    }

    @Test
    void anOlderStatePutBackAloneIsNoticedWithoutTheTimeOfChange() throws IOException {
        Timeless disk = new Timeless();
        CounterFiles counters = counters(disk);
        counters.keep(KEY, FIRST);
        copy(device.resolve("out"), temp.resolve("backup"));
        counters.keep(KEY, SECOND);
        copy(temp.resolve("backup"), device.resolve("out"));
        assertThat(counters(disk).read(KEY)).isEmpty();
    }

    @Test
    void aDirectoryRestoredFromABackupHoldsNoState() throws IOException {
        keep(FIRST);
        copy(device, temp.resolve("backup"));
        keep(SECOND);
        copy(temp.resolve("backup"), device);
        assertThat(readAfterRestart()).isEmpty();
    }

    @Test
    void evenTheNewestStateIsNoneOnceItWasWrittenBack() throws IOException {
        keep(FIRST);
        copy(device, temp.resolve("backup"));
        copy(temp.resolve("backup"), device);
        assertThat(readAfterRestart()).isEmpty();
    }

    @Test
    void aCopyOfADirectoryHoldsNoStateAndTheOriginalStillDoes() throws IOException {
        keep(FIRST);
        copy(device, temp.resolve("copy"));
        assertThat(started(temp.resolve("copy")).read(KEY)).isEmpty();
        assertThat(readAfterRestart()).contains(FIRST);
    }

    @Test
    void aDirectoryThatWasRenamedIsTheSame() throws IOException {
        keep(FIRST);
        Files.move(device, temp.resolve("renamed"));
        assertThat(started(temp.resolve("renamed")).read(KEY)).contains(FIRST);
    }

    @Test
    void aDirectoryMovedAsideUnderItsUserHoldsTheLastStateOfWhatItHad() throws IOException {
        CounterFiles counters = started(device);
        counters.keep(KEY, FIRST);
        Files.move(device, temp.resolve("aside"));
        copy(temp.resolve("aside"), device);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> counters.keep(KEY, SECOND))
                .withMessage("a counter in use was taken away or changed");
        assertThat(readAfterRestart()).isEmpty();
        assertThat(started(temp.resolve("aside")).read(KEY)).contains(FIRST);
        // The user opens another session, which is kept.
        counters.keep(KEY, OTHER);
        assertThat(readAfterRestart()).contains(OTHER);
    }

    @Test
    void theStateOfAnotherKeyUnderItsNameIsNoState() throws IOException {
        CounterFiles counters = started(device);
        counters.keep("eve", FIRST);
        Path others = state().resolveSibling(CounterFiles.name("eve"));
        Files.move(others, state());
        Files.move(mark().resolveSibling(others.getFileName()), mark());
        assertThat(readAfterRestart()).isEmpty();
    }

    @Test
    void ofTwoUsersOfOneStateOnlyOneGoesOn() throws IOException {
        CounterFiles counters = started(device);
        counters.keep(KEY, FIRST);
        // Both have FIRST, and both would go on to SECOND.
        counters.keep(KEY, SECOND);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> counters.keep(KEY, SECOND))
                .withMessage("a counter has two users");
        // Nor does anybody begin anew with what was the first state.
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> counters.keep(KEY, FIRST));
        assertThat(readAfterRestart()).contains(SECOND);
    }

    @Test
    void whatIsDroppedIsGone() throws IOException {
        CounterFiles counters = started(device);
        counters.keep(KEY, FIRST);
        counters.keep("cyd", FIRST);
        counters.drop(KEY);
        assertThat(readAfterRestart()).isEmpty();
        assertThat(started(device).read("cyd")).contains(FIRST);
        counters.dropAll();
        assertThat(filesIn(device)).isEmpty();
    }

    @Test
    void theSweepErasesWhatNobodyWillReadAndNothingElse() throws IOException {
        keep(FIRST);
        Files.write(state().resolveSibling("bob"), new byte[] {1});
        Files.write(state().resolveSibling("." + CounterFiles.name(KEY) + ".0123.tmp"), new byte[] {1});
        Files.write(mark().resolveSibling(CounterFiles.name("cyd")), new byte[] {1});
        started(device).sweep();
        assertThat(filesIn(device)).containsExactlyInAnyOrder(state(), mark());
        assertThat(readAfterRestart()).contains(FIRST);
    }

    @Test
    void aFullDiskLeavesTheStateBeforeAndNothingHalfWritten() throws IOException {
        keep(FIRST);
        CounterFiles counters = counters(new ForwardingDisk() {
            @Override
            public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
                throw new FileSystemException("no space left");
            }
        });
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> counters.keep(KEY, SECOND));
        assertThat(filesIn(device)).containsExactlyInAnyOrder(state(), mark());
        assertThat(readAfterRestart()).contains(FIRST);
    }

    @Test
    void keysAndStatesAreBounded() throws IOException {
        String longest = "k".repeat(CounterFiles.MAX_KEY_BYTES);
        Bytes largest = Bytes.wrap(new byte[CounterFiles.MAX_STATE_BYTES]);
        CounterFiles counters = started(device);
        counters.keep(longest, largest);
        assertThat(started(device).read(longest)).contains(largest);
        assertThatIllegalArgumentException().isThrownBy(() -> counters.keep(longest + "k", FIRST));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> counters.keep(KEY, Bytes.wrap(new byte[CounterFiles.MAX_STATE_BYTES + 1])));
    }

    @Test
    void theBootIsAUuidOrNotKnown() throws IOException {
        Path file = temp.resolve("boot");
        assertThat(MachineBoot.id(file)).isEmpty();
        Files.writeString(file, "B7FD6714-cfdd-417c-9252-f547f28ac9b9\n");
        assertThat(MachineBoot.id(file)).contains("b7fd6714-cfdd-417c-9252-f547f28ac9b9");
        Files.writeString(file, "not a uuid, but thirty-six characters");
        assertThat(MachineBoot.id(file)).isEmpty();
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** As cp -pr does, into the files that are there. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else if (Files.exists(target)) {
                    Files.write(target, Files.readAllBytes(each), StandardOpenOption.TRUNCATE_EXISTING);
                    Files.setLastModifiedTime(target, Files.getLastModifiedTime(each));
                } else {
                    Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /** A file system that knows files but no times. */
    private static final class Timeless extends ForwardingDisk {
        @Override
        public Optional<String> stamp(Path file) throws IOException {
            return super.stamp(file).map(stamp -> file.getFileName().toString());
        }
    }
}
