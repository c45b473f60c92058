package dev.latchkey.gateway.job;

import dev.latchkey.gateway.settings.SettingsSource;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.host.PrivateDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of all that a gateway keeps in its data directory, as of one moment: a data directory in its own right, with a
 * mark by which the start on it knows that it is a copy. Keys and the enrolment secret lie elsewhere and are not in it.
 */
public final class StoreCopy {
    /** The file that says so; never in the data directory of a gateway that runs. */
    public static final String MARK = "this-is-a-copy";

    /** Beside the store's own files; each file in them is written whole and put in place by its name. */
    private static final List<String> BESIDE = List.of("states", "evidence");

    private static final String TEXT =
            "A gateway that is started on this directory takes a new store epoch and removes this file.\n";

    private StoreCopy() {}

    /**
     * Makes a copy of a store.
     *
     * @param directory does not exist yet; on the store's file system it takes hardly any room at first
     */
    static void make(Store store, Path directory, Progress progress) throws IOException, JobCancelledException {
        PrivateDirectory.make(directory.toAbsolutePath().getParent());
        Path before = directory.resolveSibling(directory.getFileName() + ".beside");
        remove(before);
        try {
            // States first: one that is older than the blocks beside it is of use, one that is newer is not.
            PrivateDirectory.make(before);
            for (String name : BESIDE) {
                copyAll(store.directory().resolve(name), before.resolve(name), progress);
            }
            copyIfThere(store.directory().resolve(SettingsSource.CHANGES), before.resolve(SettingsSource.CHANGES));
            store.copyTo(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            try (Stream<Path> files = Files.list(before)) {
                for (Path file : files.toList()) {
                    Files.move(file, directory.resolve(file.getFileName()));
                }
            }
            write(directory.resolve(MARK), TEXT);
            sync(directory);
        } catch (IOException | RuntimeException | JobCancelledException e) {
            remove(directory);
            throw e;
        } finally {
            remove(before);
        }
    }

    /** Deletes a file or a directory with all in it; nothing if it is not there. */
    static void remove(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static void write(Path file, String text) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        sync(file);
    }

    /** What is in the file, or in the directory under which names, survives a power cut. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void copyAll(Path from, Path to, Progress progress) throws IOException, JobCancelledException {
        if (!Files.isDirectory(from)) {
            return;
        }
        PrivateDirectory.make(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                progress.check();
                copyIfThere(file, to.resolve(file.getFileName()));
            }
        }
        sync(to);
    }

    private static void copyIfThere(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to);
            sync(to);
        } catch (NoSuchFileException e) {
            // A newer file has taken its place under another name, or there is none.
            Files.deleteIfExists(to);
        }
    }
}
