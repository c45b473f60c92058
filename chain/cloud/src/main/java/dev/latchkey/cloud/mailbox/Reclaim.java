package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.cloud.store.Store;
import dev.latchkey.transaction.MemberRecord;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives the disk back what removed messages took: RocksDB by itself keeps them until a compaction happens to pass by.
 * Each node does it for itself and when it likes, since it changes no content. Thread-safe; {@link #run} is called by one
 * thread at a time and takes its time.
 */
final class Reclaim {
    /** A mailbox of which so many bytes were removed is compacted for itself. */
    private static final long MAILBOX_BYTES = 4L << 20;

    /** All are compacted when so many bytes were removed from the others, and more than a part of what waits. */
    private static final long ALL_BYTES = 64L << 20;

    private static final int PART_OF_ALL = 4;
    private static final int PIECES = 64;

    private final Store store;
    private final Map<Bytes, Removed> removed = new HashMap<>(); // guarded by this
    private boolean contents; // guarded by this
    private volatile boolean ended;

    private record Removed(long upTo, long bytes) {}

    Reclaim(MailboxStore store) {
        this.store = store.rows();
    }

    synchronized void freed(Bytes owner, long upTo, long bytes) {
        removed.merge(owner, new Removed(upTo, bytes), (a, b) -> new Removed(b.upTo(), a.bytes() + b.bytes()));
    }

    synchronized void forgotten() {
        contents = true;
    }

    /** Has a run come to its end. */
    void end() {
        ended = true;
    }

    /** Compacts what is worth it; {@code waitingBytes} is what lies in all mailboxes. */
    void run(long waitingBytes) {
        Map<Bytes, Removed> work = new HashMap<>();
        boolean isAll;
        boolean isContents;
        synchronized (this) {
            long sum = removed.values().stream().mapToLong(Removed::bytes).sum();
            removed.forEach((owner, one) -> {
                if (one.bytes() >= MAILBOX_BYTES) {
                    work.put(owner, one);
                }
            });
            long small = sum - work.values().stream().mapToLong(Removed::bytes).sum();
            isAll = small >= ALL_BYTES && small >= waitingBytes / PART_OF_ALL;
            isContents = contents;
            contents = false;
            if (isAll) {
                removed.clear();
            } else {
                removed.keySet().removeAll(work.keySet());
            }
        }
        if (isAll) {
            compactAll();
        } else {
            work.forEach((owner, one) -> compact(
                    MailboxStore.MESSAGES,
                    MailboxStore.messageKey(owner, 0),
                    MailboxStore.messageKey(owner, one.upTo() + 1)));
        }
        if (isContents) {
            compact(MailboxStore.CONTENTS, Bytes.EMPTY, Keys.number(Long.MAX_VALUE));
        }
    }

    /** Piece by piece, as the node may be stopped meanwhile. */
    private void compactAll() {
        for (int piece = 0; piece < PIECES; piece++) {
            int from = piece * 256 / PIECES;
            int until = (piece + 1) * 256 / PIECES;
            compact(
                    MailboxStore.MESSAGES,
                    Bytes.of((byte) from),
                    until == 256 ? Keys.end(MemberRecord.ID_BYTES + Long.BYTES) : Bytes.of((byte) until));
        }
    }

    private void compact(String family, Bytes from, Bytes until) {
        if (!ended) {
            store.compact(family, from, until);
        }
    }
}
