package dev.latchkey.device;

import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.Disk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A disk behind a page cache, under a real directory: what was written is visible at once, and after a loss of power only
 * what was forced is sure to be there. Of the rest each write is there, torn at some byte, or not there, and each change
 * of a name is there or not, whatever came before or after it. For one thread.
 *
 * <p>It counts its steps and ends the process at one of them, by an error that nobody catches. It sees what goes through
 * it; other files of the directory stay as they are.
 */
final class FaultyDisk implements Disk {
    /** The process ends here. */
    static final class Stop extends Error {
        private static final long serialVersionUID = 1L;

        Stop(int step) {
            super("stopped at step " + step, null, false, false);
        }
    }

    /** What to do at the step that was chosen. */
    enum At {
        BEFORE,
        AFTER,
        FAIL
    }

    /** What an inode number stands for: contents that are sure, and writes that are not. */
    private static final class Inode {
        final int number;
        final boolean directory;
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        int forced;
        long changed;

        Inode(int number, boolean directory) {
            this.number = number;
            this.directory = directory;
        }
    }

    /** One entry of a directory that was made (or removed, if there is no inode) and is not sure yet. */
    private record NameChange(Path name, Optional<Inode> inode) {}

    private final Map<Path, Inode> names = new HashMap<>();
    private final Map<Path, Inode> sureNames = new HashMap<>();
    private final List<NameChange> unsure = new ArrayList<>();
    private final Set<Path> madeDirectories = new HashSet<>();
    private final Map<FileChannel, Inode> open = new HashMap<>();
    private int inodes;
    private long time;

    private int steps;
    private int stopAt = -1;
    private At at = At.BEFORE;
    private boolean stopped;

    /** Steps taken since the process started. */
    int steps() {
        return steps;
    }

    /** A new process: it is stopped at its n-th step from 0, or never if that is negative. */
    FaultyDisk start(int step, At when) {
        steps = 0;
        stopAt = step;
        at = when;
        stopped = false;
        open.clear();
        return this;
    }

    private interface Step {
        void take() throws IOException;
    }

    private void step(Step what) throws IOException {
        if (stopped) {
            throw new Stop(stopAt);
        }
        boolean here = steps++ == stopAt;
        if (here && at == At.FAIL) {
            throw new IOException("no space left");
        }
        stopped = here;
        if (here && at == At.BEFORE) {
            throw new Stop(stopAt);
        }
        what.take();
        if (here) {
            throw new Stop(stopAt);
        }
    }

    @Override
    public FileChannel create(Path file, AtomicFile.Mode mode) throws IOException {
        FileChannel[] channel = new FileChannel[1];
        step(() -> {
            channel[0] = REAL.create(file, mode);
            open.put(channel[0], name(file, new Inode(++inodes, false)));
        });
        return channel[0];
    }

    private Inode name(Path path, Inode inode) {
        inode.changed = ++time;
        names.put(path, inode);
        unsure.add(new NameChange(path, Optional.of(inode)));
        return inode;
    }

    private Inode unname(Path path) {
        unsure.add(new NameChange(path, Optional.empty()));
        return names.remove(path);
    }

    @Override
    public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        byte[] some = new byte[bytes.remaining()];
        step(() -> {
            bytes.duplicate().get(some);
            REAL.write(channel, bytes);
            open.get(channel).content.write(some, 0, some.length);
            open.get(channel).changed = ++time;
        });
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        step(() -> open.get(channel).forced = open.get(channel).content.size());
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step(() -> {
            REAL.rename(from, to);
            name(to, unname(from));
        });
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        step(() -> {
            for (NameChange change : List.copyOf(unsure)) {
                if (directory.equals(change.name().getParent())) {
                    makeSure(change);
                    unsure.remove(change);
                }
            }
        });
    }

    private void makeSure(NameChange change) {
        change.inode()
                .ifPresentOrElse(inode -> sureNames.put(change.name(), inode), () -> sureNames.remove(change.name()));
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        step(() -> {
            REAL.makeDirectory(directory);
            madeDirectories.add(directory);
            name(directory, new Inode(++inodes, true));
        });
    }

    @Override
    public void delete(Path file) throws IOException {
        step(() -> {
            REAL.delete(file);
            if (names.containsKey(file)) {
                unname(file);
            }
        });
    }

    /** Inodes and their times survive a loss of power: who trusts the stamp alone is found out. */
    @Override
    public Optional<String> stamp(Path file) throws IOException {
        REAL.stamp(file);
        Inode inode = names.get(file);
        return Optional.of(inode == null ? "unknown" : inode.number + " " + inode.changed);
    }

    /** The power goes and comes back: the directory is as the disk has it then. */
    void losePower(Random random) throws IOException {
        for (NameChange change : unsure) {
            if (random.nextBoolean()) {
                makeSure(change);
            }
        }
        unsure.clear();
        Set<Path> gone = new HashSet<>(names.keySet());
        names.clear();
        sureNames.keySet().removeIf(path -> isLost(path.getParent()));
        names.putAll(sureNames);
        gone.removeAll(names.keySet());
        List<Path> deepestFirst = new ArrayList<>(gone);
        deepestFirst.sort((a, b) -> b.getNameCount() - a.getNameCount());
        for (Path path : deepestFirst) {
            REAL.delete(path);
        }
        for (Map.Entry<Path, Inode> each : names.entrySet()) {
            if (!each.getValue().directory) {
                tear(each.getValue(), random);
                Files.write(each.getKey(), each.getValue().content.toByteArray());
            }
        }
    }

    /** Whether it was a directory of ours whose name is not there any more. */
    private boolean isLost(Path directory) {
        return madeDirectories.contains(directory) && !sureNames.containsKey(directory);
    }

    private static void tear(Inode inode, Random random) {
        byte[] content = inode.content.toByteArray();
        if (content.length == inode.forced) {
            return;
        }
        int length = inode.forced + random.nextInt(content.length - inode.forced + 1);
        byte[] torn = Arrays.copyOf(content, random.nextInt(3) == 0 ? content.length : length);
        // The length can be on the disk and the bytes not.
        Arrays.fill(torn, length, torn.length, (byte) 0);
        inode.content.reset();
        inode.content.write(torn, 0, torn.length);
        inode.forced = torn.length;
    }
}
