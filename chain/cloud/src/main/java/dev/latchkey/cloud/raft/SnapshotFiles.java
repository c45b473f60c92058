package dev.latchkey.cloud.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;

/**
 * The snapshots of one group, each a directory {@code copy-TERM-INDEX} with a copy of the store: those that this member
 * made to send, and one that it was sent. {@link #latest} is thread-safe; the rest is for the group's updater.
 */
final class SnapshotFiles {
    private static final Pattern NAME = Pattern.compile("copy-([0-9]{1,18})-([0-9]{1,18})");

    /** The newest, and the one that may be on its way to a member. */
    private static final int KEPT = 2;

    private final Path directory;
    private final boolean shipping;
    private volatile SnapshotInfo latest;

    /**
     * Snapshots in a directory.
     *
     * @param shipping whether there are other members to send copies to; without it only the position is told
     */
    SnapshotFiles(Path directory, boolean shipping) {
        this.directory = directory;
        this.shipping = shipping;
    }

    /** What Ratis is told: the newest snapshot, or null. */
    SnapshotInfo latest() {
        return latest;
    }

    /** The newest copy here that is beyond a store which stands at an index: another member sent it. */
    Optional<Path> received(long index) throws IOException {
        List<Path> copies = copies();
        return copies.isEmpty() || index(copies.get(0)) <= index ? Optional.empty() : Optional.of(copies.get(0));
    }

    /** Makes the snapshot of a store that was synced at a position. */
    void take(GroupMachine machine, LogPosition at) throws IOException {
        TermIndex position = TermIndex.valueOf(at.term(), at.index());
        if (latest != null && latest.getTermIndex().equals(position)) {
            return;
        }
        if (!shipping) {
            latest = new FileListSnapshotInfo(List.of(), position);
            return;
        }
        Path copy = directory.resolve("copy-" + at.term() + "-" + at.index());
        Files.createDirectories(directory);
        remove(copy); // what a crash left
        Path draft = directory.resolve("draft");
        remove(draft);
        machine.copyTo(draft);
        Files.move(draft, copy);
        List<FileInfo> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(copy)) {
            // without a digest Ratis works it out while it sends
            all.sorted().forEach(file -> files.add(new FileInfo(file, null)));
        }
        latest = new FileListSnapshotInfo(files, position);
        List<Path> copies = copies();
        for (Path old : copies.subList(Math.min(KEPT, copies.size()), copies.size())) {
            remove(old);
        }
    }

    /** Newest first. */
    private List<Path> copies() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(
                            path -> NAME.matcher(path.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(SnapshotFiles::index).reversed())
                    .toList();
        }
    }

    private static long index(Path copy) {
        Matcher found = NAME.matcher(copy.getFileName().toString());
        if (!found.matches()) {
            throw new IllegalArgumentException("not a snapshot");
        }
        return Long.parseLong(found.group(2));
    }

    private static void remove(Path copy) throws IOException {
        if (Files.exists(copy)) {
            try (Stream<Path> all = Files.walk(copy)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
