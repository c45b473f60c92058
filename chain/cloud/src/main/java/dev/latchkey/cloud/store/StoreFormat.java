package dev.latchkey.cloud.store;

import dev.latchkey.host.PrivateDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first thing in every directory of a node: a file {@code FORMAT} with one line, a name and a version. Immutable.
 *
 * @param name what the directory holds
 * @param oldest the oldest version that this program reads
 * @param version the newest version that it reads; it writes no other
 */
public record StoreFormat(String name, int oldest, int version) {
    /** The file's name. */
    public static final String FILE = "FORMAT";

    private static final int MAX_BYTES = 256;
    private static final Pattern LINE = Pattern.compile("([a-z-]{1,64}) ([0-9]{1,9})\\R?");

    /** A format of which every older version is read too. */
    public StoreFormat(String name, int version) {
        this(name, 1, version);
    }

    /**
     * Makes the directory, for its owner alone, if it does not exist and marks it, or checks the mark of one that does.
     *
     * @throws StoreFault if the directory holds something else, or something newer or older
     * @throws IOException if it cannot be read or written
     */
    public void claim(Path directory) throws IOException {
        PrivateDirectory.make(directory);
        Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            check(directory, file);
        } else if (isEmpty(directory)) {
            mark(directory, file);
        } else {
            throw new StoreFault("directory is not empty and has no FORMAT file: " + directory);
        }
    }

    /**
     * Checks the mark of a directory that must be there already; changes nothing.
     *
     * @throws StoreFault if the directory holds something else, or something newer or older
     * @throws IOException if it cannot be read
     */
    void recognize(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            throw new StoreFault("directory does not hold a " + name + ": " + directory);
        }
        check(directory, file);
    }

    private void check(Path directory, Path file) throws IOException {
        Matcher found = read(file).map(LINE::matcher).filter(Matcher::matches).orElse(null);
        if (found == null || !found.group(1).equals(name)) {
            throw new StoreFault("directory does not hold a " + name + ": " + directory);
        }
        int there = Integer.parseInt(found.group(2));
        if (there > version || there < oldest) {
            String reads = there > version ? "up to version " + version : "from version " + oldest + " on";
            throw new StoreFault("directory holds " + name + " version " + there + ", this program reads " + reads
                    + ": " + directory);
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            return Optional.empty();
        }
        return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            // a crash while the mark was written leaves its draft, and nothing else
            return entries.allMatch(entry -> entry.getFileName().toString().equals(FILE + ".new"));
        }
    }

    private void mark(Path directory, Path file) throws IOException {
        Path draft = directory.resolve(FILE + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(name + " " + version + "\n"));
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
