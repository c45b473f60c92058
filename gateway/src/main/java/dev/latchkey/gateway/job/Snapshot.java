package dev.latchkey.gateway.job;

import dev.latchkey.gateway.store.Store;
import dev.latchkey.host.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of the store beside it, in {@code data/snapshots}: made in moments by hard links, against a wrong step of an
 * operator, not against the loss of the disk. The oldest go when there are more than the setting keeps.
 */
public final class Snapshot implements JobWork {
    private static final String SNAPSHOTS = "snapshots";
    private static final String PARTIAL = ".partial";

    private final Store store;
    private final int kept;
    private final Clock clock;

    /** @param kept how many there may be */
    public Snapshot(Store store, int kept, Clock clock) {
        this.store = store;
        this.kept = kept;
        this.clock = clock;
    }

    @Override
    public String run(Progress progress) throws IOException, JobCancelledException {
        Path all = store.directory().resolve(SNAPSHOTS);
        progress.total(1);
        PrivateDirectory.make(all);
        removeUnfinished(all);
        Path made = all.resolve(CopyName.at(clock, all));
        Path partial = made.resolveSibling(made.getFileName() + PARTIAL);
        StoreCopy.make(store, partial, progress);
        // Without its mark it would be started on as if it were the original: it has its name only when it is whole.
        Files.move(partial, made, StandardCopyOption.ATOMIC_MOVE);
        StoreCopy.sync(all);
        progress.done(1);
        removeOldest(all);
        return "in " + made;
    }

    /** What a crash has left. */
    private static void removeUnfinished(Path all) throws IOException {
        try (Stream<Path> files = Files.list(all)) {
            for (Path file :
                    files.filter(file -> file.toString().contains(PARTIAL)).toList()) {
                StoreCopy.remove(file);
            }
        }
    }

    private void removeOldest(Path all) throws IOException {
        List<Path> snapshots;
        try (Stream<Path> files = Files.list(all)) {
            snapshots = files.sorted().toList();
        }
        for (int i = 0; i < snapshots.size() - kept; i++) {
            StoreCopy.remove(snapshots.get(i));
        }
    }
}
