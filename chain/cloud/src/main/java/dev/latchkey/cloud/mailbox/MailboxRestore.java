package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cloud.store.Batch;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.cloud.store.Positions;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts the rows of a backup into a store that no node runs on. For one thread.
 *
 * <p>What was delivered after the backup is gone, and its sequences will be given once more; a reader whose cursor lies
 * there would pass over what comes. So every mailbox goes on {@link #GAP} further: readers find all that waits again, under
 * new sequences, and what they had before they know by its content. The loss is said as that of messages whose retention
 * ended.
 */
public final class MailboxRestore implements AutoCloseable {
    /** More than any mailbox gets between a backup and its restore. */
    static final long GAP = 1L << 32;

    private static final int BATCH = 1_000;

    private final MailboxStore store;
    private final LogPosition at;
    private final Map<Bytes, Box> boxes = new HashMap<>();
    private final Map<Bytes, Long> next = new HashMap<>();
    private Batch batch = new Batch();
    private int pending;
    private long messages;

    private MailboxRestore(MailboxStore store, LogPosition at) {
        this.store = store;
        this.at = at;
    }

    /** Makes the store; its log goes on behind a position. */
    public static MailboxRestore open(Path directory, LogPosition at) throws IOException {
        return new MailboxRestore(MailboxStore.open(directory), at);
    }

    /**
     * Takes a row of a family of {@link MailboxStore#ARCHIVED}, in the order in which the store gave them.
     *
     * @throws IllegalArgumentException if it cannot be a row of that family; the message says why
     */
    public void take(int family, Bytes key, Bytes value) {
        String name = MailboxStore.ARCHIVED.get(family);
        try {
            switch (name) {
                case MailboxStore.BOXES -> box(key, value);
                case MailboxStore.MESSAGES -> message(key, value);
                default -> put(name, key, value);
            }
        } catch (MalformedMessageException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a row of " + name + " is malformed", e);
        }
    }

    /** Begins the mailbox of a member, of which nothing is known, behind a sequence. */
    public void begin(Bytes owner, ChainId network, long behind) {
        Box box = new Box(behind, behind, behind, 0, 0, 0, behind, network.digest());
        put(MailboxStore.BOXES, owner, box.encode());
    }

    private void box(Bytes owner, Bytes value) {
        Box box = Box.decode(value);
        boolean isOne = owner.size() == MemberRecord.ID_BYTES
                && box.removed() >= 0
                && box.removed() <= box.last()
                && box.last() < Long.MAX_VALUE - GAP
                && box.removedBytes() <= box.appendedBytes();
        if (!isOne) {
            throw new IllegalArgumentException("a mailbox' counts contradict each other");
        }
        boxes.put(owner, box);
        next.put(owner, box.removed() + 1);
        Box further = new Box(
                box.last() + GAP,
                box.removed() + GAP,
                box.removed() + GAP,
                box.appendedBytes(),
                box.removedBytes(),
                box.expired(),
                box.removed() + GAP,
                box.network());
        put(MailboxStore.BOXES, owner, further.encode());
    }

    private void message(Bytes key, Bytes value) throws MalformedMessageException {
        Bytes owner = key.slice(0, MemberRecord.ID_BYTES);
        long sequence = Keys.lastNumber(key);
        Long expected = next.get(owner);
        StoredMessage stored = StoredMessage.decode(value);
        MailboxEntry entry = MailboxEntry.decode(stored.entry());
        if (expected == null || expected != sequence || entry.sequence() != sequence) {
            throw new IllegalArgumentException("a message does not follow the one before it in its mailbox");
        }
        next.put(owner, sequence + 1);
        messages++;
        MailboxEntry further = new MailboxEntry(
                sequence + GAP,
                entry.gateway(),
                entry.sender(),
                entry.session(),
                entry.receivedMillis(),
                entry.contentFormat(),
                entry.message());
        put(
                MailboxStore.MESSAGES,
                MailboxStore.messageKey(owner, sequence + GAP),
                new StoredMessage(stored.clockMillis(), stored.bytesUpTo(), further.encode()).encode());
    }

    private void put(String family, Bytes key, Bytes value) {
        batch.put(family, key, value);
        pending++;
        if (pending == BATCH) {
            flush();
        }
    }

    private void flush() {
        store.rows().write(batch);
        batch = new Batch();
        pending = 0;
    }

    /**
     * Ends it; on disk when it returns.
     *
     * @return messages that wait
     * @throws IllegalArgumentException if a mailbox lacks a message
     */
    public long finish() {
        boxes.forEach((owner, box) -> {
            if (next.get(owner) != box.last() + 1) {
                throw new IllegalArgumentException("a mailbox lacks messages that it counts");
            }
        });
        Positions.put(batch, MailboxStore.META, at);
        flush();
        store.rows().sync();
        return messages;
    }

    @Override
    public void close() {
        store.close();
    }
}
