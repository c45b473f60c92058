package dev.latchkey.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** Logs that RocksDB itself writes, with a batch that begins a few bytes before the end of a block. */
class LogScanTest {
    private static final int BLOCK = 32 << 10;
    private static final int STEP = 50;
    private static final int MOST = 127;

    @TempDir
    Path directory;

    @Test
    void aBatchMayBeginAnywhereBeforeTheEndOfABlock() throws Exception {
        Store.loadLibrary();
        for (int left = 0; left <= 24; left++) {
            Path store = directory.resolve("left-" + left);
            try (Options options = new Options().setCreateIfMissing(true);
                    RocksDB db = RocksDB.open(options, store.toString())) {
                fillUpTo(db, store, left);
                for (int i = 0; i < 3; i++) {
                    put(db, STEP);
                }
                assertThat(LogScan.gap(store, 0)).as("%d bytes left", left).isEmpty();
            }
        }
    }

    /** Writes until so many bytes are left of the first block of the log. */
    private static void fillUpTo(RocksDB db, Path store, int left) throws Exception {
        put(db, STEP);
        int frame = (int) size(store) - STEP;
        while (BLOCK - left - size(store) > frame + MOST) {
            put(db, STEP);
        }
        put(db, (int) (BLOCK - left - size(store)) - frame);
        assertThat(size(store)).isEqualTo(BLOCK - left);
    }

    private static void put(RocksDB db, int bytes) throws Exception {
        db.put(new byte[] {1}, new byte[bytes]);
    }

    private static long size(Path store) throws IOException {
        try (Stream<Path> all = Files.list(store)) {
            return all.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(LogScanTest::length)
                    .sum();
        }
    }

    private static long length(Path log) {
        try {
            return Files.size(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
