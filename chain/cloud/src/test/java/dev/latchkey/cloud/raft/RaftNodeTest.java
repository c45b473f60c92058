package dev.latchkey.cloud.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void leadsByItselfAfterAStartAndAfterARestart() throws Exception {
        RecordingMachine first = new RecordingMachine(LogPosition.START);
        try (RaftNode node = start(first)) {
            assertThat(submit(node, "one")).isEqualTo("reply to one");
        }
        RecordingMachine second = new RecordingMachine(first.synced);
        try (RaftNode node = start(second)) {
            assertThat(submit(node, "two")).isEqualTo("reply to two");
        }
        assertThat(second.entries).containsExactly("two");
    }

    @Test
    void givesEntriesAgainThatTheStoreHadNotKept() throws Exception {
        try (RaftNode node = start(new RecordingMachine(LogPosition.START))) {
            submit(node, "one");
            submit(node, "two");
        }
        RecordingMachine forgetful = new RecordingMachine(LogPosition.START);
        try (RaftNode node = start(forgetful)) {
            assertThat(submit(node, "three")).isEqualTo("reply to three");
        }
        assertThat(forgetful.entries).containsExactly("one", "two", "three");
    }

    @Test
    void comesUpFromWhatACrashLeftOfItsFirstStart() throws Exception {
        try (RaftNode node = start(new RecordingMachine(LogPosition.START))) {
            assertThat(node.isReady("letters")).isTrue();
        }
        Files.delete(directory.resolve("born").resolve("letters"));
        try (Stream<Path> files = Files.walk(directory.resolve("log"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file); // directories without files: Ratis alone would never find a leader here
            }
        }
        try (RaftNode node = start(new RecordingMachine(LogPosition.START))) {
            assertThat(submit(node, "one")).isEqualTo("reply to one");
        }
    }

    @Test
    void refusesAStoreWhoseLogIsGone() {
        assertThatThrownBy(() -> start(new RecordingMachine(new LogPosition(1, 7))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a log that is gone");
    }

    @Test
    void keepsTheOrderInWhichEntriesWereCommitted() throws Exception {
        RecordingMachine machine = new RecordingMachine(LogPosition.START);
        try (RaftNode node = start(machine)) {
            List<CompletableFuture<Bytes>> pending = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                pending.add(node.submit("letters", Bytes.utf8("e" + i)).toCompletableFuture());
            }
            CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
        }
        assertThat(machine.entries).hasSize(500).doesNotHaveDuplicates();
        assertThat(machine.positions).isSorted();
    }

    @Test
    void stopsTheNodeWhenAnEntryCannotBeApplied() throws Exception {
        CompletableFuture<Throwable> fatal = new CompletableFuture<>();
        GroupMachine broken = new RecordingMachine(LogPosition.START) {
            @Override
            public Bytes apply(LogPosition at, Bytes entry) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        try (RaftNode node =
                RaftNode.start(directory, Map.of("letters", broken), Optional.empty(), fatal::complete, PATIENCE)) {
            node.submit("letters", Bytes.utf8("x"));
            assertThat(fatal.get(10, TimeUnit.SECONDS)).hasMessage("broken on purpose");
        }
    }

    @Test
    void runsWithTheSettingsThatWereChosen() throws Exception {
        try (RaftNode node = start(new RecordingMachine(LogPosition.START))) {
            RaftProperties p = node.properties();
            assertThat(RaftServerConfigKeys.storageDir(p))
                    .allSatisfy(dir -> assertThat(dir.toPath()).startsWith(directory));
            File removed = RaftServerConfigKeys.removedGroupsDir(p);
            assertThat(removed.toPath()).startsWithRaw(directory);
            assertThat(RaftServerConfigKeys.storageFreeSpaceMin(p)).isEqualTo(SizeInBytes.valueOf(64L << 20));
            assertThat(RaftServerConfigKeys.Log.useMemory(p)).isFalse();
            assertThat(RaftServerConfigKeys.Log.logMetadataEnabled(p)).isFalse();
            assertThat(RaftServerConfigKeys.Log.unsafeFlushEnabled(p)).isFalse();
            assertThat(RaftServerConfigKeys.Log.asyncFlushEnabled(p)).isFalse();
            assertThat(RaftServerConfigKeys.Log.purgeUptoSnapshotIndex(p)).isTrue();
            assertThat(RaftServerConfigKeys.Log.purgePreservationLogNum(p)).isEqualTo(10_000);
            assertThat(RaftServerConfigKeys.Log.writeBufferSize(p).getSizeInt()).isEqualTo((1 << 20) + (64 << 10));
            assertThat(RaftServerConfigKeys.Log.Appender.bufferByteLimit(p).getSizeInt())
                    .isEqualTo(1 << 20);
            assertThat(RaftServerConfigKeys.Log.segmentSizeMax(p).getSizeInt()).isEqualTo(16 << 20);
            assertThat(RaftServerConfigKeys.Snapshot.autoTriggerEnabled(p)).isTrue();
            assertThat(RaftServerConfigKeys.Snapshot.autoTriggerThreshold(p)).isEqualTo(100_000);
            assertThat(RaftServerConfigKeys.Snapshot.retentionFileNum(p)).isEqualTo(2);
            assertThat(RaftServerConfigKeys.Read.option(p)).isEqualTo(RaftServerConfigKeys.Read.Option.LINEARIZABLE);
            assertThat(RaftServerConfigKeys.Read.leaderLeaseEnabled(p)).isFalse();
            assertThat(RaftServerConfigKeys.Rpc.timeoutMin(p)).isEqualTo(TimeDuration.ONE_SECOND);
            assertThat(RaftServerConfigKeys.Rpc.firstElectionTimeoutMax(p).toLong(TimeUnit.MILLISECONDS))
                    .isEqualTo(5);
            assertThat(RaftServerConfigKeys.closeThreshold(p).toLong(TimeUnit.DAYS))
                    .isEqualTo(1);
            assertThat(RaftServerConfigKeys.RetryCache.expiryTime(p).toLong(TimeUnit.SECONDS))
                    .isEqualTo(10);
            assertThat(RaftServerConfigKeys.Write.byteLimit(p)).isEqualTo(SizeInBytes.valueOf(16L << 20));
        }
        assertThat(Files.isDirectory(directory.resolve("log"))).isTrue();
    }

    private RaftNode start(GroupMachine machine) throws IOException {
        return RaftNode.start(directory, Map.of("letters", machine), Optional.empty(), cause -> {}, PATIENCE);
    }

    private static String submit(RaftNode node, String text) throws Exception {
        return node.submit("letters", Bytes.utf8(text))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .toUtf8();
    }

    /** Remembers what was applied; its store is what it last synced. */
    private static class RecordingMachine implements GroupMachine {
        final List<String> entries = new ArrayList<>();
        final List<Long> positions = new ArrayList<>();
        LogPosition synced;

        RecordingMachine(LogPosition synced) {
            this.synced = synced;
        }

        @Override
        public LogPosition applied() {
            return synced;
        }

        @Override
        public Bytes apply(LogPosition at, Bytes entry) {
            entries.add(entry.toUtf8());
            positions.add(at.index());
            return Bytes.utf8("reply to " + entry.toUtf8());
        }

        @Override
        public void sync(LogPosition at) {
            synced = at;
        }

        @Override
        public void copyTo(Path copy) {
            throw new UnsupportedOperationException("nobody is sent anything here");
        }

        @Override
        public void replaceBy(Path copy) {
            throw new UnsupportedOperationException("nobody sends anything here");
        }
    }
}
