package dev.latchkey.cloud.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Which groups have come into being: one empty file for each, made when the group led for the first time. For one thread.
 *
 * <p>Ratis makes a group's directory in several steps, and cannot go on with what a crash left between them. A group
 * without its file has never taken an entry, so its directory is removed and made anew.
 */
public final class GroupBirths {
    /** From {@code born} up to the directory in which the node's data directory was made. */
    private static final int FORCED_LEVELS = 4;

    private static final String RESTORED = "restored";

    private final Path births;
    private final Path restored;
    private final Path log;

    GroupBirths(Path directory) throws IOException {
        this.births = Files.createDirectories(directory.resolve("born"));
        this.restored = directory.resolve(RESTORED);
        this.log = directory.resolve("log");
    }

    /**
     * Notes that a group's store came from a backup: it may stand behind entries of a log that is gone. On disk when this
     * returns.
     *
     * @param log the directory of a log that no node runs on
     */
    public static void restored(Path log, String group) throws IOException {
        Path marks = Files.createDirectories(log.resolve(RESTORED));
        FileChannel.open(marks.resolve(group), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .close();
        force(marks.toAbsolutePath());
    }

    /** Whether the group's store came from a backup. */
    boolean isRestored(String group) {
        return Files.exists(restored.resolve(group));
    }

    /** Whether the group ever led. */
    boolean isBorn(String group) {
        return Files.exists(births.resolve(group));
    }

    /** Removes what a crash left of a group that never led. */
    void clear(String group, String groupDirectory) throws IOException {
        if (isBorn(group)) {
            throw new IllegalStateException("a group that took entries is never removed");
        }
        Path leftover = log.resolve(groupDirectory);
        if (Files.exists(leftover)) {
            try (Stream<Path> all = Files.walk(leftover)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Notes that the group led, before it takes its first entry; on disk when this returns. */
    void born(String group) throws IOException {
        if (!isBorn(group)) {
            FileChannel.open(births.resolve(group), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            force(births.toAbsolutePath());
        }
    }

    /** The file's name and those of the directories above it: a log must not be found without its birth. */
    private static void force(Path lowest) throws IOException {
        Path directory = lowest;
        for (int i = 0; i < FORCED_LEVELS && directory != null; i++) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
            directory = directory.getParent();
        }
    }
}
