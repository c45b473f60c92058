package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.raft.GroupMachine;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;

/**
 * The mailboxes of one group on a node. Thread-safe. Stages complete on a Ratis thread; what was answered is in the synced
 * log.
 */
public final class Mailboxes implements AutoCloseable {
    private final MailboxStore store;
    private final MailboxMachine machine;
    private final Reclaim reclaim;
    private final StateDigests digests;
    private final MailboxCounts counts = new MailboxCounts();
    private final Arrivals arrivals = new Arrivals();
    private volatile OptionalLong oldestMillis = OptionalLong.empty();
    private volatile long deepest;

    /** Takes the mailboxes of a store from where it stands. */
    public Mailboxes(MailboxStore store) {
        this.store = store;
        this.reclaim = new Reclaim(store);
        this.digests = new StateDigests(store);
        this.machine = new MailboxMachine(store, arrivals::announce, arrivals::announceAll, counts, reclaim, digests);
    }

    /** What the mailboxes' Raft group applies. */
    public GroupMachine machine() {
        return machine;
    }

    /** Whether they are what the other members have. */
    public StateDigests digests() {
        return digests;
    }

    /** Who waits for messages. */
    public Arrivals arrivals() {
        return arrivals;
    }

    /** What was done since the start. */
    public MailboxCounts counts() {
        return counts;
    }

    /** What waits in all mailboxes of the group. */
    public Usage usage() {
        return store.usage();
    }

    /** What waits in the mailboxes of a network's members, in this group. */
    public Usage usage(Digest network) {
        return store.usage(network);
    }

    /** When the oldest message that waits was delivered, as of the last {@link #due}. */
    public OptionalLong oldestMillis() {
        return oldestMillis;
    }

    /** Messages in the fullest mailbox, as of the last {@link #due}. */
    public long deepest() {
        return deepest;
    }

    /** How a mailbox is. */
    public MailboxState state(Bytes owner) {
        Box box = store.box(owner);
        OptionalLong oldest = box.messages() == 0
                ? OptionalLong.empty()
                : store.message(owner, box.removed() + 1).stream()
                        .mapToLong(StoredMessage::clockMillis)
                        .findFirst();
        return MailboxState.of(box, oldest);
    }

    /**
     * Delivers a batch; what is answered as acknowledged survives any crash. Empty if another gateway has used the store
     * epoch first: then nothing was delivered.
     *
     * @param forwarder brings the entry to the member that leads the group, where there are others
     */
    public CompletionStage<Optional<BatchAnswer>> deliver(
            RaftNode raft, Optional<RaftNode.Forwarder> forwarder, String group, MailboxCommand.Deliver command) {
        Bytes entry = command.encode();
        return entry.size() > RaftNode.MAX_ENTRY_BYTES
                ? CompletableFuture.failedFuture(new BatchTooLargeException())
                : raft.submit(group, entry, forwarder).thenApply(Mailboxes::answer);
    }

    private static Optional<BatchAnswer> answer(Bytes reply) {
        if (reply.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(BatchAnswer.decode(reply));
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

    /**
     * Looks over all mailboxes for messages whose retention has ended; the entries that end it, for the leader to propose.
     * Takes time in proportion to the number of mailboxes.
     *
     * @param beforeMillis for a network, the moment before which what was delivered has ended its retention
     * @param seenBeforeMillis what was seen before may be forgotten: the earliest such moment of all networks
     * @param settings how many bytes a mailbox keeps
     */
    public List<MailboxCommand.Expire> due(
            ToLongFunction<Digest> beforeMillis, long seenBeforeMillis, long nowMillis, MailboxSettings settings) {
        Survey survey = new Survey(store)
                .run(
                        beforeMillis,
                        settings.keepBytes(),
                        nowMillis - settings.keepAtLeast().toMillis());
        oldestMillis = survey.oldestMillis();
        deepest = survey.deepest();
        List<MailboxCommand.Expire> entries = new ArrayList<>();
        List<MailboxCommand.Cut> cuts = survey.due();
        boolean isOver = machine.knowsBefore(MailboxStore.period(seenBeforeMillis));
        for (int from = 0; from < cuts.size() || isOver && entries.isEmpty(); from += MailboxLimits.MAX_CUTS) {
            int until = Math.min(cuts.size(), from + MailboxLimits.MAX_CUTS);
            entries.add(new MailboxCommand.Expire(seenBeforeMillis, cuts.subList(from, until)));
        }
        return entries;
    }

    /** Ends the retention of what an entry names. */
    public CompletionStage<Void> expire(RaftNode raft, String group, MailboxCommand.Expire entry) {
        return raft.submit(group, entry.encode()).thenApply(reply -> null);
    }

    /** Gives the disk back what removed messages took. Takes its time; for one thread at a time. */
    public void reclaim() {
        reclaim.run(usage().bytes());
    }

    /** Encoded entries after a sequence, oldest first: at most so many, and beyond the first at most so many bytes. */
    public List<Bytes> read(Bytes owner, long after, int maxEntries, int maxBytes) {
        List<Bytes> entries = new ArrayList<>();
        int[] bytes = {0};
        Box box = store.box(owner);
        store.messages(owner, Math.max(after, box.removed()), Long.MAX_VALUE - 1, (sequence, message) -> {
            Bytes entry = message.entry();
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

    /** Has {@link #reclaim} come to its end. */
    @Override
    public void close() {
        reclaim.end();
    }
}
