package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others send makes a device's directory grow only so far. */
class DeviceFilesGrowthTest {
    @TempDir(factory = MemoryDirectory.class)
    Path directory;

    @Test
    void whatOneSenderSaysOfMissingReadingsTakesSoMuchRoomAndNoMore() throws IOException {
        DeviceFiles files = DeviceFiles.at(directory);
        files.keepMissing("session-ann-", "session-ann-0.cose", Bytes.utf8("first"));
        for (int first = 2; first < 100; first += 2) {
            files.keepMissing("session-eve-", "session-eve-" + first + ".cose", Bytes.utf8("word"));
        }
        assertThat(count("missing")).isEqualTo(DeviceFiles.MAX_MISSING + 1);
        assertThat(directory.resolve("missing/session-ann-0.cose")).exists();
        assertThat(directory.resolve("missing/session-eve-98.cose")).exists();
    }

    @Test
    void aSessionThatNobodySendsInAnyMoreIsDropped() throws IOException {
        DeviceFiles files = DeviceFiles.at(directory);
        files.keysAreNew();
        for (int i = 0; i < 5; i++) {
            files.keepSending("of somebody for " + i, Bytes.utf8("state"));
        }
        files.dropSessionsBefore(Instant.now().minus(Duration.ofHours(1)));
        assertThat(count("out")).isEqualTo(6);
        files.dropSessionsBefore(Instant.now().plus(Duration.ofHours(1)));
        assertThat(count("out")).as("the list of what was taken up").isEqualTo(1);
        assertThat(count("marks")).isEqualTo(1);
    }

    private long count(String folder) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(folder))) {
            return files.count();
        }
    }
}
