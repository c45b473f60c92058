package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.GroupMachine;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The mailboxes of a node. Thread-safe. Stages complete on a Ratis thread; what was answered is in the synced log.
 */
public final class Mailboxes {
    private final MailboxStore store;
    private final MailboxMachine machine;
    private final Arrivals arrivals = new Arrivals();

    /** Takes the mailboxes of a store from where it stands. */
    public Mailboxes(MailboxStore store) {
        this.store = store;
        this.machine = new MailboxMachine(store, arrivals::announce, arrivals::announceAll);
    }

    /** What the mailboxes' Raft group applies. */
    public GroupMachine machine() {
        return machine;
    }

    /** Who waits for messages. */
    public Arrivals arrivals() {
        return arrivals;
    }

    /** Delivers a batch; what is answered as acknowledged survives any crash. */
    public CompletionStage<BatchAnswer> deliver(RaftNode raft, String group, MailboxCommand.Deliver command) {
        return raft.submit(group, command.encode()).thenApply(Mailboxes::answer);
    }

    private static BatchAnswer answer(Bytes reply) {
        try {
            return BatchAnswer.decode(reply);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("apply wrote this reply itself", e);
        }
    }

    /** The newest serve ticket that came with a gateway's batches for a member. */
    public Optional<Bytes> ticket(Bytes gateway, Bytes member) {
        return store.ticket(gateway, member);
    }

    /** Removes everything up to a sequence; does nothing if there is nothing. */
    public CompletionStage<Void> acknowledge(RaftNode raft, String group, Bytes owner, long upTo) {
        Box box = store.box(owner);
        if (Math.min(upTo, box.last()) <= box.acknowledged()) {
            return CompletableFuture.completedFuture(null);
        }
        return raft.submit(group, new MailboxCommand.Acknowledge(owner, upTo).encode())
                .thenApply(reply -> null);
    }

    /** Ends the retention of what was delivered before a moment; answers whether there may be more of it. */
    public CompletionStage<Boolean> expire(RaftNode raft, String group, long beforeMillis) {
        List<Bytes> oldest = new ArrayList<>();
        store.rows().scan(MailboxStore.EXPIRY, Bytes.EMPTY, Keys.number(beforeMillis), (key, value) -> {
            oldest.add(key);
            return false;
        });
        if (oldest.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        return raft.submit(group, new MailboxCommand.Expire(beforeMillis).encode())
                .thenApply(reply -> Keys.lastNumber(reply) >= MailboxLimits.MAX_EXPIRED);
    }

    /** Encoded entries after a sequence, oldest first: at most so many, and beyond the first at most so many bytes. */
    public List<Bytes> read(Bytes owner, long after, int maxEntries, int maxBytes) {
        List<Bytes> entries = new ArrayList<>();
        int[] bytes = {0};
        store.messages(owner, after, Long.MAX_VALUE - 1, (sequence, entry) -> {
            boolean fits = entries.isEmpty() || bytes[0] + entry.size() <= maxBytes;
            if (fits) {
                entries.add(entry);
                bytes[0] += entry.size();
            }
            return fits && entries.size() < maxEntries;
        });
        return entries;
    }

    /** Reads an entry that this node stored. */
    public static MailboxEntry decoded(Bytes entry) {
        try {
            return MailboxEntry.decode(entry);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("apply wrote this entry itself", e);
        }
    }
}
