package dev.latchkey.gateway.inbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.gateway.store.Bell;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A durable queue for each served member, which stands by its id: a member that moved from one served chain to another
 * finds its messages where they were. What changes it belongs into a unit of the store; reading is for any thread.
 *
 * <p>A message comes from a device at this gateway at once, and again from the cloud's mailbox once the uplink has
 * brought it there: the second time it is recognised, and only its cloud sequence is noted. When the member has
 * acknowledged every message the mailbox holds up to a sequence, the cloud may forget them, not before.
 */
public final class Inbox {
    /** What became of a delivery. */
    public enum Delivery {
        /** It waits for the member now. */
        STORED,
        /** It was here already. */
        KNOWN,
        /** No room: it stays in the cloud's mailbox until the member has read what waits. */
        FULL
    }

    private final Store store;
    private volatile long maxBytesPerMember;
    private volatile long maxBytes;
    private final Bell release = new Bell();
    private final Map<Bytes, Long> untold = new ConcurrentHashMap<>();
    /** Written by the store's thread only. */
    private volatile long bytes;

    private Inbox(Store store, long maxBytesPerMember, long maxBytes) {
        this.store = store;
        this.maxBytesPerMember = maxBytesPerMember;
        this.maxBytes = maxBytes;
    }

    /** Other bounds from now on, in bytes; what waits stays, however much it is. */
    public void limit(long otherMaxBytesPerMember, long otherMaxBytes) {
        maxBytesPerMember = otherMaxBytesPerMember;
        maxBytes = otherMaxBytes;
    }

    /** Counts what waits on disk. */
    public static Inbox open(Store store, long maxBytesPerMember, long maxBytes) {
        Inbox inbox = new Inbox(store, maxBytesPerMember, maxBytes);
        store.scan(Table.INBOX_COUNTERS, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            Counters counters = Counters.decode(value);
            inbox.bytes += counters.bytes();
            if (counters.wanted() > counters.told()) {
                inbox.untold.put(key, counters.wanted());
            }
            return true;
        });
        return inbox;
    }

    /** Takes a message that a device brought to this gateway. */
    public Delivery deliver(Draft draft, Bytes member, InboundMessage message) {
        if (draft.get(Table.INBOX_SEEN, seenKey(member, message)).isPresent()) {
            return Delivery.KNOWN;
        }
        Counters counters = counters(draft, member);
        Bytes row = message.encode();
        if (!hasRoom(counters, row)) {
            return Delivery.FULL;
        }
        store(draft, member, counters, message, row, false);
        return Delivery.STORED;
    }

    /** Whether there is room for a message that is not here yet. */
    public boolean hasRoom(Draft draft, Bytes member, InboundMessage message) {
        return hasRoom(counters(draft, member), message.encode());
    }

    /** Takes a message that the cloud never gets: nothing of it is kept once the member has it. Asks for no room. */
    public void deliverHere(Draft draft, Bytes member, InboundMessage message) {
        if (draft.get(Table.INBOX_SEEN, seenKey(member, message)).isEmpty()) {
            store(draft, member, counters(draft, member), message, message.encode(), true);
        }
    }

    /** Takes out what waits for a member and is so; what was taken out, in its order. */
    public List<InboundMessage> takeOut(Draft draft, Bytes member, Predicate<InboundMessage> which) {
        Counters counters = counters(draft, member);
        List<WaitingMessage> out = new ArrayList<>();
        long[] freed = {0};
        draft.scan(Table.INBOX, member, inboxKey(member, counters.acknowledged() + 1), (key, value) -> {
            InboundMessage message = InboundMessage.decode(value);
            if (which.test(message)) {
                out.add(new WaitingMessage(Key.lastNumber(key), message));
                freed[0] += value.size();
            }
            return true;
        });
        for (WaitingMessage waiting : out) {
            draft.delete(Table.INBOX, inboxKey(member, waiting.u()));
            draft.delete(Table.INBOX_SEEN, seenKey(member, waiting.message()));
        }
        bytes -= freed[0];
        draft.onUndo(() -> bytes += freed[0]);
        save(draft, member, counters.withAcknowledged(counters.acknowledged(), freed[0]));
        return out.stream().map(WaitingMessage::message).toList();
    }

    /**
     * Takes note that a member has the opener of a session, or will read it before whatever is delivered from now on. Until
     * that is so, what is sent in the session has to come from the mailbox, in its place behind the opener: who reads it
     * without knowing the session can only drop it.
     */
    public void noteOpener(Draft draft, Bytes member, Digest session) {
        draft.put(Table.INBOX_SEEN, openerKey(member, session), Bytes.EMPTY);
    }

    /** Whether what is delivered now is read after the opener of its session. */
    public boolean isBehindOpener(Draft draft, Bytes member, Digest session) {
        return draft.get(Table.INBOX_SEEN, openerKey(member, session)).isPresent();
    }

    /** The session is over. */
    public static void forgetOpener(Draft draft, Bytes member, Digest session) {
        draft.delete(Table.INBOX_SEEN, openerKey(member, session));
    }

    /** Takes a message from the member's mailbox in the cloud. */
    public Delivery deliverFromCloud(Draft draft, Bytes member, long sequence, InboundMessage message) {
        Counters counters = counters(draft, member);
        if (sequence <= counters.cursor()) {
            return Delivery.KNOWN;
        }
        Delivery delivery = fromCloud(draft, member, counters, sequence, message);
        if (delivery != Delivery.FULL
                && !isBehindOpener(draft, member, message.session())
                && draft.get(Table.SESSIONS, message.session().bytes()).isPresent()) {
            // A mailbox is in order: the opener came before this, or is this.
            noteOpener(draft, member, message.session());
        }
        return delivery;
    }

    private Delivery fromCloud(Draft draft, Bytes member, Counters counters, long sequence, InboundMessage message) {
        Bytes seenKey = seenKey(member, message);
        Seen seen = draft.get(Table.INBOX_SEEN, seenKey).map(Seen::decode).orElse(null);
        if (seen != null) {
            Counters after = counters.withCursor(sequence);
            if (seen.u() > counters.acknowledged()) {
                draft.put(Table.MAILBOX, mailboxKey(member, sequence), Key.of(seen.u()));
                draft.put(Table.INBOX_SEEN, seenKey, seen.inCloud().encode());
                save(draft, member, after);
                return Delivery.KNOWN;
            }
            draft.delete(Table.INBOX_SEEN, seenKey);
            if (counters.wanted() == counters.cursor()) {
                // No row is left before it: nothing to walk over, as when all comes back that was read in a long
                // absence.
                save(draft, member, released(draft, member, after, sequence));
                return Delivery.KNOWN;
            }
            draft.put(Table.MAILBOX, mailboxKey(member, sequence), Key.of(seen.u()));
            save(draft, member, releaseInCloud(draft, member, after));
            return Delivery.KNOWN;
        }
        Bytes row = message.encode();
        if (!hasRoom(counters, row)) {
            return Delivery.FULL;
        }
        draft.put(Table.MAILBOX, mailboxKey(member, sequence), Key.of(counters.next()));
        store(draft, member, counters.withCursor(sequence), message, row, true);
        return Delivery.STORED;
    }

    /**
     * The member has everything up to and with a number.
     *
     * @return whether something still waits
     */
    public boolean acknowledge(Draft draft, Bytes member, long upTo) {
        Counters counters = counters(draft, member);
        long last = Math.min(upTo, counters.next() - 1);
        if (last <= counters.acknowledged()) {
            return counters.acknowledged() < counters.next() - 1;
        }
        List<WaitingMessage> done = new ArrayList<>();
        long[] freed = {0};
        // From the first row that is left: what was deleted before it would have to be walked over.
        draft.scan(Table.INBOX, member, inboxKey(member, counters.acknowledged() + 1), (key, value) -> {
            if (Key.lastNumber(key) > last) {
                return false;
            }
            done.add(new WaitingMessage(Key.lastNumber(key), InboundMessage.decode(value)));
            freed[0] += value.size();
            return true;
        });
        for (WaitingMessage waiting : done) {
            draft.delete(Table.INBOX, inboxKey(member, waiting.u()));
            Bytes seenKey = seenKey(member, waiting.message());
            if (draft.get(Table.INBOX_SEEN, seenKey)
                    .map(Seen::decode)
                    .filter(Seen::cloud)
                    .isPresent()) {
                draft.delete(Table.INBOX_SEEN, seenKey);
            }
        }
        bytes -= freed[0];
        draft.onUndo(() -> bytes += freed[0]);
        save(draft, member, releaseInCloud(draft, member, counters.withAcknowledged(last, freed[0])));
        return last < counters.next() - 1;
    }

    /** The oldest messages after a number, at least one if there is any, else as many as fit. */
    public List<WaitingMessage> after(Bytes member, long u, int maxMessageBytes) {
        List<WaitingMessage> found = new ArrayList<>();
        long[] size = {0};
        long from = Math.max(u, counters(member).acknowledged()) + 1;
        store.scan(Table.INBOX, member, inboxKey(member, from), (key, value) -> {
            size[0] += value.size() + Long.BYTES;
            if (!found.isEmpty() && size[0] > maxMessageBytes) {
                return false;
            }
            found.add(new WaitingMessage(Key.lastNumber(key), InboundMessage.decode(value)));
            return true;
        });
        return found;
    }

    /** The sequence after which the member's mailbox in the cloud has to be followed. */
    public long cursor(Bytes member) {
        return counters(member).cursor();
    }

    /** Whether the member's inbox is so full that its mailbox in the cloud must wait. */
    public boolean isFull(Bytes member) {
        return isCrowded() || counters(member).bytes() > maxBytesPerMember / 2;
    }

    /** Whether all inboxes together are so full, or the disk, that every mailbox in the cloud must wait. */
    public boolean isCrowded() {
        return bytes > maxBytes - maxBytes / 8 || !store.room().forMessages();
    }

    /** What waits for a member, and what became of the rest; reads the disk. */
    public InboxDepth depth(Bytes member) {
        Counters counters = counters(member);
        return new InboxDepth(counters.next() - 1, counters.acknowledged(), counters.bytes());
    }

    /** What the cloud may forget and was not told yet: a sequence by member id. */
    public Map<Bytes, Long> untold() {
        return Map.copyOf(untold);
    }

    /** Rings when {@link #untold()} grows. */
    public Bell release() {
        return release;
    }

    /** The cloud has forgotten a member's messages up to and with a sequence. */
    public CompletableFuture<Void> told(Bytes member, long sequence) {
        return store.submit(draft -> {
            Counters counters = counters(draft, member);
            save(draft, member, counters.withTold(Math.max(counters.told(), sequence)));
            draft.afterCommit(() -> untold.remove(member, sequence));
            return null;
        });
    }

    /**
     * If more than half of all room is taken, forgets what waits for those who are not served here any more, having moved,
     * left or gone to another gateway: else they would keep the room for ever. The cloud's mailbox has it all, or gets it
     * from the outbox; who comes back reads it from there.
     *
     * @param isServed whether the member with an id is served here
     */
    public CompletableFuture<Void> makeRoom(Predicate<Bytes> isServed) {
        if (bytes <= maxBytes / 2) {
            return CompletableFuture.completedFuture(null);
        }
        List<Bytes> gone = new ArrayList<>();
        store.scan(Table.INBOX_COUNTERS, Bytes.EMPTY, Bytes.EMPTY, (member, counters) -> {
            if (Counters.decode(counters).bytes() > 0 && !isServed.test(member)) {
                gone.add(member);
            }
            return true;
        });
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        for (Bytes member : gone) {
            done = done.thenCompose(before -> store.submit(draft -> {
                if (!isServed.test(member)) {
                    empty(draft, member);
                }
                return null;
            }));
        }
        return done;
    }

    private void empty(Draft draft, Bytes member) {
        for (Table table : List.of(Table.INBOX, Table.INBOX_SEEN, Table.MAILBOX)) {
            List<Bytes> keys = new ArrayList<>();
            draft.scan(table, member, member, (key, value) -> keys.add(key));
            keys.forEach(key -> draft.delete(table, key));
        }
        Counters counters = counters(draft, member);
        bytes -= counters.bytes();
        draft.onUndo(() -> bytes += counters.bytes());
        save(draft, member, counters.emptied());
    }

    /** What waits for all members, in bytes. */
    public long bytes() {
        return bytes;
    }

    private void store(
            Draft draft, Bytes member, Counters counters, InboundMessage message, Bytes row, boolean fromCloud) {
        long u = counters.next();
        draft.put(Table.INBOX, inboxKey(member, u), row);
        draft.put(Table.INBOX_SEEN, seenKey(member, message), new Seen(u, fromCloud).encode());
        save(draft, member, counters.stored(row.size()));
        bytes += row.size();
        draft.onUndo(() -> bytes -= row.size());
    }

    /** Moves the mark up to which the cloud may forget: over every mailbox row whose message is acknowledged here. */
    private Counters releaseInCloud(Draft draft, Bytes member, Counters counters) {
        List<Bytes> released = new ArrayList<>();
        draft.scan(Table.MAILBOX, member, mailboxKey(member, counters.wanted() + 1), (key, value) -> {
            if (Key.lastNumber(value) > counters.acknowledged()) {
                return false;
            }
            released.add(key);
            return true;
        });
        if (released.isEmpty()) {
            return counters;
        }
        released.forEach(key -> draft.delete(Table.MAILBOX, key));
        return released(draft, member, counters, Key.lastNumber(released.get(released.size() - 1)));
    }

    private Counters released(Draft draft, Bytes member, Counters counters, long wanted) {
        draft.afterCommit(() -> {
            untold.put(member, wanted);
            release.ring();
        });
        return counters.withWanted(wanted);
    }

    private boolean hasRoom(Counters counters, Bytes row) {
        return counters.bytes() + row.size() <= maxBytesPerMember
                && bytes + row.size() <= maxBytes
                && store.room().forMessages();
    }

    private Counters counters(Bytes member) {
        return store.get(Table.INBOX_COUNTERS, member).map(Counters::decode).orElse(Counters.NONE);
    }

    private static Counters counters(Draft draft, Bytes member) {
        return draft.get(Table.INBOX_COUNTERS, member).map(Counters::decode).orElse(Counters.NONE);
    }

    private static void save(Draft draft, Bytes member, Counters counters) {
        draft.put(Table.INBOX_COUNTERS, member, counters.encode());
    }

    private static Bytes inboxKey(Bytes member, long u) {
        return Key.start().bytes(member).number(u).end();
    }

    private static Bytes mailboxKey(Bytes member, long sequence) {
        return Key.start().bytes(member).number(sequence).end();
    }

    /** Longer than the key of a message. */
    private static Bytes openerKey(Bytes member, Digest session) {
        return Key.start().bytes(member).bytes(session.bytes()).end();
    }

    private static Bytes seenKey(Bytes member, InboundMessage message) {
        return Key.start().bytes(member).bytes(message.identity()).end();
    }
}
