package dev.latchkey.gateway.outbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.store.Bell;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Table;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of one chain's messages to the cloud, first in, first out. {@link #append} belongs into a unit of the store, together with whatever
 * else makes up an acceptance; everything else may be called from any thread.
 *
 * <p>A message leaves only when the cloud has acknowledged it, or refused it: then it moves to a table of its own with
 * the reason, since the device was told that it is safe. The queues share a bound in bytes: full means refuse, never drop.
 * What the cloud refused for now, as a mailbox is full, still counts there, and {@link #again} puts it back at the end.
 */
public final class Outbox {
    private static final Bytes NEXT = Bytes.utf8("outbox-next");
    private static final int FIRST_SEQUENCE = 1;

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final ChainRows rows;
    private final OutboxSpace space;
    private final Bell arrival = new Bell();
    /** Written by the store's thread only. */
    private volatile long next = FIRST_SEQUENCE;
    /**
     * No message with a smaller sequence is left; written by the store's thread only. Reading begins here, or it would
     * walk over everything that was ever deleted.
     */
    private volatile long first = FIRST_SEQUENCE;
    /** Written by the store's thread only. */
    private volatile long bytes;
    /** Written by the store's thread only. */
    private volatile long depth;
    /** Written by the store's thread only. */
    private volatile long refused;
    /** Those of the refused that may be taken later; written by the store's thread only. */
    private volatile long deferred;

    private Outbox(ChainRows rows, OutboxSpace space) {
        this.rows = rows;
        this.space = space;
    }

    /**
     * Counts what is still queued on disk.
     *
     * @param rows the chain's own rows
     * @param space what all chains' queues may take together
     */
    public static Outbox open(ChainRows rows, OutboxSpace space) {
        Outbox outbox = new Outbox(rows, space);
        rows.get(Table.META, NEXT).ifPresent(value -> outbox.next = Key.lastNumber(value));
        outbox.first = Long.MAX_VALUE;
        rows.scan(Table.OUTBOX, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            long sequence = Key.lastNumber(key);
            outbox.first = Math.min(outbox.first, sequence);
            outbox.next = Math.max(outbox.next, sequence + 1);
            outbox.count(1, value.size());
            return true;
        });
        outbox.closeGaps();
        rows.scan(Table.REFUSED, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            outbox.refused++;
            SetAside one = RefusedMessage.decode(Key.lastNumber(key), value);
            if (one.isForNow()) {
                outbox.defer(1, one.message().encode().size());
            }
            return true;
        });
        return outbox;
    }

    /**
     * Queues a message as part of a unit of the store.
     *
     * @return false if the outbox is full; then nothing was drafted
     */
    public boolean append(Draft draft, OutboundMessage message) {
        Bytes row = message.encode();
        if (!space.fits(row.size())) {
            return false;
        }
        long sequence = next;
        rows.put(draft, Table.OUTBOX, Key.of(sequence), row);
        next = sequence + 1;
        draft.onceBeforeWrite(this, () -> {
            rows.put(draft, Table.META, NEXT, Key.of(next));
            draft.afterCommit(arrival::ring);
        });
        count(1, row.size());
        draft.onUndo(() -> count(-1, -row.size()));
        return true;
    }

    /** The oldest messages on disk, in order: at least one if there is any, else as many as fit the bounds. */
    public List<QueuedMessage> oldest(int maxMessages, int maxMessageBytes) {
        return oldestAfter(0, maxMessages, maxMessageBytes);
    }

    /** The same of those behind a sequence. */
    public List<QueuedMessage> oldestAfter(long sequence, int maxMessages, int maxMessageBytes) {
        List<QueuedMessage> found = new ArrayList<>();
        long[] size = {0};
        rows.scan(Table.OUTBOX, Bytes.EMPTY, Key.of(Math.max(first, sequence + 1)), (key, value) -> {
            size[0] += value.size();
            if (!found.isEmpty() && size[0] > maxMessageBytes) {
                return false;
            }
            found.add(new QueuedMessage(Key.lastNumber(key), OutboundMessage.decode(value)));
            return found.size() < maxMessages;
        });
        return found;
    }

    /** When the oldest message that waits was accepted; now if none waits. Milliseconds since 1970. */
    public long waitingSince(Clock clock) {
        long now = clock.millis();
        return oldest(1, 1).stream()
                .mapToLong(queued -> queued.message().acceptedMillis())
                .findFirst()
                .orElse(now);
    }

    /**
     * Forgets what the cloud has.
     *
     * @param upTo every message up to and with this sequence is in the cloud, but for the refused ones
     * @param reasons code of each refused message by its sequence; these are set aside
     */
    public CompletableFuture<Void> acknowledge(long upTo, Map<Long, String> reasons) {
        return rows.store().submit(draft -> {
            List<Bytes> keys = new ArrayList<>();
            List<Bytes> values = new ArrayList<>();
            rows.scan(draft, Table.OUTBOX, Bytes.EMPTY, Key.of(first), (key, value) -> {
                if (Key.lastNumber(key) > upTo) {
                    return false;
                }
                keys.add(key);
                values.add(value);
                return true;
            });
            for (int i = 0; i < keys.size(); i++) {
                rows.delete(draft, Table.OUTBOX, keys.get(i));
                String reason = reasons.get(Key.lastNumber(keys.get(i)));
                if (reason != null) {
                    rows.put(draft, Table.REFUSED, keys.get(i), RefusedMessage.encode(reason, values.get(i)));
                    refused++;
                    if (SetAside.isForNow(reason)) {
                        defer(1, values.get(i).size());
                    }
                }
                count(-1, -values.get(i).size());
            }
            draft.afterCommit(() -> first = Math.max(first, upTo + 1));
            return null;
        });
    }

    /**
     * Puts messages that the cloud refused for now back to the end of the queue, the oldest refusals first, under new
     * sequences. Those accepted too long ago stay set aside, for good.
     *
     * @param most how many at most
     * @param acceptedAfterMillis earlier ones have had their time; milliseconds since 1970
     */
    public CompletableFuture<Void> again(int most, long acceptedAfterMillis) {
        return rows.store().submit(draft -> {
            List<SetAside> found = new ArrayList<>();
            List<Bytes> keys = new ArrayList<>();
            rows.scan(draft, Table.REFUSED, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
                SetAside one = RefusedMessage.decode(Key.lastNumber(key), value);
                if (one.isForNow()) {
                    found.add(one);
                    keys.add(key);
                }
                return found.size() < most;
            });
            for (int i = 0; i < found.size(); i++) {
                again(draft, keys.get(i), found.get(i), acceptedAfterMillis);
            }
            return null;
        });
    }

    private void again(Draft draft, Bytes key, SetAside one, long acceptedAfterMillis) {
        Bytes row = one.message().encode();
        defer(-1, -row.size());
        draft.onUndo(() -> defer(1, row.size()));
        if (one.message().acceptedMillis() < acceptedAfterMillis) {
            rows.put(draft, Table.REFUSED, key, RefusedMessage.encode(SetAside.RETENTION_ENDED, row));
        } else if (append(draft, one.message())) {
            rows.delete(draft, Table.REFUSED, key);
            refused--;
            draft.onUndo(() -> refused++);
        } else {
            defer(1, row.size());
            draft.onUndo(() -> defer(-1, -row.size()));
        }
    }

    /** Rings when messages have reached the disk. */
    public Bell arrival() {
        return arrival;
    }

    /** Messages that wait for the cloud. */
    public long depth() {
        return depth;
    }

    /** What they take, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Messages that the cloud refused and that were set aside. */
    public long refused() {
        return refused;
    }

    /** What waits has sequences without gaps: those that are missing were lost with a damaged part of the store. */
    private void closeGaps() {
        first = Math.min(first, next);
        long missing = next - first - depth;
        if (missing > 0) {
            LOG.atError()
                    .addKeyValue("messages", missing)
                    .addKeyValue("from", first)
                    .addKeyValue("to", next - 1)
                    .log("messages that waited for the cloud are lost");
        }
    }

    /** When the oldest waiting message was accepted, milliseconds since 1970; empty if none waits. Reads the disk. */
    public OptionalLong oldestMillis() {
        return oldest(1, 1).stream()
                .mapToLong(oldest -> oldest.message().acceptedMillis())
                .findFirst();
    }

    /** Those of the refused messages that the cloud may take later. */
    public long deferred() {
        return deferred;
    }

    /** The sequence up to and with which the cloud has everything, but for what was set aside. */
    public long acknowledged() {
        return (depth == 0 ? next : first) - 1;
    }

    /** The sequence that the next message gets. */
    public long next() {
        return next;
    }

    /** Messages that the cloud refused, from a sequence on, in order. Reads the disk. */
    public List<SetAside> setAside(long from, int most) {
        List<SetAside> found = new ArrayList<>();
        rows.scan(Table.REFUSED, Bytes.EMPTY, Key.of(from), (key, value) -> {
            found.add(RefusedMessage.decode(Key.lastNumber(key), value));
            return found.size() < most;
        });
        return found;
    }

    private void defer(int messages, int size) {
        deferred += messages;
        space.take(size);
    }

    private void count(int messages, int size) {
        depth += messages;
        bytes += size;
        space.take(size);
    }
}
