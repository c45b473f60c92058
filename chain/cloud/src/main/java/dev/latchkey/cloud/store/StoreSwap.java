package dev.latchkey.cloud.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts one RocksDB directory in the place of another so that a crash leaves one of the two: the new one waits as {@code
 * NAME.new}, whole and synced, before the old one steps aside as {@code NAME.old}. Stateless.
 */
final class StoreSwap {
    /** Digests that came with the files and are no part of the store. */
    private static final String DIGESTS = ".md5";

    private StoreSwap() {}

    /** Brings a copy into the place of a store that is closed. */
    static void bring(Path store, Path copy) throws IOException {
        for (Path file : files(copy)) {
            if (file.getFileName().toString().endsWith(DIGESTS)) {
                Files.delete(file);
            } else {
                force(file, StandardOpenOption.WRITE);
            }
        }
        force(copy, StandardOpenOption.READ);
        remove(waiting(store));
        Files.move(copy, waiting(store), StandardCopyOption.ATOMIC_MOVE);
        force(store.toAbsolutePath().getParent(), StandardOpenOption.READ);
        finish(store);
    }

    /** Ends what a crash may have interrupted. */
    static void finish(Path store) throws IOException {
        Path aside = store.resolveSibling(store.getFileName() + ".old");
        if (Files.exists(waiting(store))) {
            if (Files.exists(store)) {
                remove(aside);
                Files.move(store, aside, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(waiting(store), store, StandardCopyOption.ATOMIC_MOVE);
            force(store.toAbsolutePath().getParent(), StandardOpenOption.READ);
        }
        remove(aside);
    }

    private static Path waiting(Path store) {
        return store.resolveSibling(store.getFileName() + ".new");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    private static void force(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
