package dev.latchkey.gateway.witness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.PrivateDirectory;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Evidence files in a directory of their own, readable by their owner only; safe for use by many threads. Anybody can
 * check them with {@code latchkey audit --evidence FILE}.
 */
public final class EvidenceShelf {
    /** Most files: each proves that one more key lied, and a network has at most that many chains and keys in practice. */
    static final int MAX_FILES = 64;

    /** Longest evidence file in bytes. */
    static final int MAX_FILE_BYTES = 4 << 20;

    private static final String SUFFIX = ".evidence";
    private static final int NAME_DIGITS = 16;

    private final Path directory;

    /** A shelf in a directory, which is made when the first file is kept. */
    public EvidenceShelf(Path directory) {
        this.directory = directory;
    }

    /** Where the files are. */
    public Path directory() {
        return directory;
    }

    /** How many files about a chain are kept. */
    public int count(ChainId chain) {
        return counted(prefix(chain));
    }

    /** How many files are kept, about all chains. */
    public int count() {
        return counted("");
    }

    /**
     * A file on the shelf.
     *
     * @param name its name in the {@link #directory()}
     * @param bytes its size
     * @param keptMillis when it was written, milliseconds since 1970
     */
    public record Entry(String name, long bytes, long keptMillis) {
        /** Whether it is about a chain. */
        public boolean isAbout(ChainId chain) {
            return name.startsWith(prefix(chain));
        }
    }

    /** What is kept, about all chains. */
    public synchronized List<Entry> entries() {
        try {
            List<Entry> entries = new ArrayList<>();
            for (Path file : files("")) {
                entries.add(new Entry(
                        file.getFileName().toString(),
                        Files.size(file),
                        Files.getLastModifiedTime(file).toMillis()));
            }
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException("the directory " + directory + " cannot be read", e);
        }
    }

    /** The files about a chain. */
    public synchronized List<Bytes> of(ChainId chain) throws IOException {
        List<Bytes> found = new ArrayList<>();
        for (Path file : files(prefix(chain))) {
            found.add(AtomicFile.read(file, MAX_FILE_BYTES));
        }
        return found;
    }

    /**
     * Keeps a file; when this returns true it is on the disk.
     *
     * @return false if there are too many already
     */
    public synchronized boolean keep(ChainId chain, Bytes content) throws IOException {
        PrivateDirectory.make(directory);
        if (files("").size() >= MAX_FILES) {
            return false;
        }
        String name = prefix(chain) + Digest.sha256(content).toHex().substring(0, NAME_DIGITS) + SUFFIX;
        AtomicFile.write(directory.resolve(name), content, AtomicFile.Mode.PRIVATE);
        return true;
    }

    private synchronized int counted(String prefix) {
        try {
            return files(prefix).size();
        } catch (IOException e) {
            throw new UncheckedIOException("the directory " + directory + " cannot be read", e);
        }
    }

    private static String prefix(ChainId chain) {
        return chain.toHex().substring(0, NAME_DIGITS) + "-";
    }

    private List<Path> files(String prefix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().startsWith(prefix)
                            && file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }
}
