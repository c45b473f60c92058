package dev.latchkey.gateway.store;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.host.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What RocksDB's files in a directory say of themselves before and after an opening. Stateless. */
final class Damage {
    private static final String CURRENT = "CURRENT";
    private static final String MANIFEST = "MANIFEST-";
    private static final String SUSPECT = "suspect";
    private static final String DAMAGED = "damaged";
    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);

    private Damage() {}

    /** Whether a failure comes from what the files hold, and not from the disk or a lock. */
    static boolean isIn(Throwable failure) {
        if (!(failure instanceof RocksDBException fault) || fault.getStatus() == null) {
            return false;
        }
        Status.Code code = fault.getStatus().getCode();
        String message = String.valueOf(fault.getMessage());
        return code == Status.Code.Corruption
                || code == Status.Code.InvalidArgument
                || code == Status.Code.NotFound
                || code == Status.Code.NotSupported
                || message.contains("No such file");
    }

    /** Notes for the next opening that a file turned out to be damaged. */
    static void suspect(Path directory) {
        try {
            AtomicFile.write(directory.resolve(SUSPECT), Bytes.EMPTY, AtomicFile.Mode.PRIVATE);
        } catch (IOException e) {
            LOG.error("that the store is damaged could not be noted", e);
        }
    }

    static boolean isSuspected(Path directory) {
        return Files.exists(directory.resolve(SUSPECT));
    }

    static void acquit(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(SUSPECT));
    }

    /**
     * Sees to it that the file that names the newest manifest does so: without it RocksDB would begin an empty store and
     * delete the files of the old one.
     *
     * @return what was wrong
     * @throws StoreException if there are files of a store and no manifest
     */
    static Optional<String> mendCurrent(Path directory) throws StoreException {
        try {
            List<String> names = names(directory);
            Optional<String> newest = names.stream()
                    .filter(name -> name.startsWith(MANIFEST))
                    .max(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
            Path current = directory.resolve(CURRENT);
            if (newest.isEmpty()) {
                if (names.stream().anyMatch(name -> name.endsWith(".sst") || name.equals(CURRENT))) {
                    throw new StoreException("the store in " + directory + " has lost its manifest" + whatToDo());
                }
                return Optional.empty();
            }
            String content = Files.exists(current) ? Files.readString(current, StandardCharsets.ISO_8859_1) : "";
            if (content.endsWith("\n") && names.contains(content.strip()) && content.startsWith(MANIFEST)) {
                return Optional.empty();
            }
            AtomicFile.write(current, Bytes.utf8(newest.get() + "\n"), AtomicFile.Mode.PRIVATE);
            return Optional.of("the file that names the manifest was damaged; the newest manifest is taken");
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("the store's directory cannot be read: " + directory, e);
        }
    }

    /** The number of the manifest that counts; 0 if there is none, or no word of it. */
    static long manifestNumber(Path directory) throws IOException {
        Path current = directory.resolve(CURRENT);
        String name = Files.exists(current)
                ? Files.readString(current, StandardCharsets.ISO_8859_1).strip()
                : "";
        return name.matches(MANIFEST + "[0-9]{1,18}") ? Long.parseLong(name.substring(MANIFEST.length())) : 0;
    }

    static Path manifest(Path directory, long number) {
        return directory.resolve(String.format("%s%06d", MANIFEST, number));
    }

    /** What RocksDB would not say of a store that is not open: changes that are missing in between, a manifest cut off. */
    static List<String> silent(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        Optional<SyncedMark.Entry> before = SyncedMark.readIn(directory);
        LogScan.gap(directory, before.map(SyncedMark.Entry::oldestLog).orElse(0L))
                .ifPresent(found::add);
        if (before.isPresent()) {
            long number = manifestNumber(directory);
            SyncedMark.Entry entry = before.get();
            if (number < entry.manifest()
                    || number == entry.manifest() && !LogScan.reaches(manifest(directory, number), entry.size())) {
                found.add("the manifest ends too early");
            }
        }
        return found;
    }

    /** What was found before and is not yet settled: the opening that finds it may be the last to see it. */
    static Optional<String> noted(Path directory) throws IOException {
        Path file = directory.resolve(DAMAGED);
        return Files.exists(file)
                ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    static void note(Path directory, List<String> lost) throws IOException {
        AtomicFile.write(directory.resolve(DAMAGED), Bytes.utf8(String.join("; ", lost)), AtomicFile.Mode.PRIVATE);
    }

    static void settled(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(DAMAGED));
    }

    /** What the operator of a store that cannot be opened should do. */
    static String whatToDo() {
        return "; move the directory away and start with an empty one: all but messages that the cloud has not yet comes"
                + " from there again";
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
