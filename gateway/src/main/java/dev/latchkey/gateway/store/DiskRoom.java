package dev.latchkey.gateway.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the file system of a directory has more room than is kept in reserve. What is taken in stops before the reserve;
 * what empties the store may use it, and so may the write-ahead log and compaction. Asks the file system at most every 50 ms;
 * safe for use by many threads.
 */
public final class DiskRoom {
    private static final long ASK_NANOS = 50_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(DiskRoom.class);

    private final FileStore files;
    private final long reserve;
    private final AtomicBoolean full = new AtomicBoolean();
    private volatile long askedNanos = System.nanoTime() - ASK_NANOS;
    private volatile long free = Long.MAX_VALUE;

    /**
     * Watches the file system of a directory.
     *
     * @param reserve bytes that stay free of what comes in
     */
    public DiskRoom(Path directory, long reserve) throws IOException {
        this.files = Files.getFileStore(directory);
        this.reserve = reserve;
    }

    /** Bytes that are free, as of lately. */
    public long free() {
        long now = System.nanoTime();
        if (now - askedNanos >= ASK_NANOS) {
            askedNanos = now;
            try {
                free = files.getUsableSpace();
            } catch (IOException e) {
                LOG.warn("the file system does not say how much room it has", e);
            }
        }
        return free;
    }

    /** Whether messages may be taken in; the log says when that changes. */
    public boolean forMessages() {
        boolean room = free() > reserve;
        if (full.compareAndSet(room, !room)) {
            LOG.atWarn()
                    .addKeyValue("free", free)
                    .addKeyValue("reserve", reserve)
                    .log(
                            room
                                    ? "the disk has room again; messages are taken in"
                                    : "the disk is down to its reserve; no message is taken in");
        }
        return room;
    }

    /** Whether blocks may be taken in: revocations matter, so they may use half of the reserve. */
    public boolean forBlocks() {
        return free() > reserve / 2;
    }
}
