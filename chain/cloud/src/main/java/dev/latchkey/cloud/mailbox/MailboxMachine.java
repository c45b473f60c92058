package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.mailbox.MailboxCommand.Acknowledge;
import dev.latchkey.cloud.mailbox.MailboxCommand.Deliver;
import dev.latchkey.cloud.mailbox.MailboxCommand.Expire;
import dev.latchkey.cloud.raft.GroupMachine;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cloud.store.Batch;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.cloud.store.Positions;
import dev.latchkey.protocol.BatchAnswer;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/** Applies the entries of a mailbox group. For the group's updater. */
final class MailboxMachine implements GroupMachine {
    private final MailboxStore store;
    private final Consumer<Bytes> changed;
    private final Runnable everything;
    private final MailboxCounts counts;
    private final Reclaim reclaim;
    private final StateDigests digests;
    private LogPosition position;
    private long clockMillis;
    /** Those that have rows; read by the survey too. */
    private final NavigableSet<Long> periods = new ConcurrentSkipListSet<>();

    /**
     * A machine over a store.
     *
     * @param changed is told the owner of each mailbox that got something; must not block
     * @param everything is told that any mailbox may have got something; must not block
     */
    MailboxMachine(
            MailboxStore store,
            Consumer<Bytes> changed,
            Runnable everything,
            MailboxCounts counts,
            Reclaim reclaim,
            StateDigests digests) {
        this.store = store;
        this.digests = digests;
        this.changed = changed;
        this.everything = everything;
        this.counts = counts;
        this.reclaim = reclaim;
        load();
    }

    /** Everything that is kept in memory comes from the store. */
    private void load() {
        position = Positions.read(store.rows(), MailboxStore.META);
        clockMillis = store.clock();
        periods.clear();
        periods.addAll(store.periods());
    }

    @Override
    public LogPosition applied() {
        return position;
    }

    /** Whether anything is known that was seen in a period before. */
    boolean knowsBefore(long period) {
        return periods.lower(period) != null;
    }

    @Override
    public Bytes apply(LogPosition at, Bytes entry) {
        if (at.index() <= position.index()) {
            return Bytes.EMPTY; // the store has it already
        }
        MailboxCommand command = MailboxCommand.decode(entry);
        Bytes reply = Bytes.EMPTY;
        if (command instanceof Deliver deliver) {
            reply = deliver(at, deliver);
        } else if (command instanceof Acknowledge acknowledge) {
            acknowledge(at, acknowledge);
        } else if (command instanceof Expire expire) {
            expire(at, expire);
        } else {
            compare(at, command);
        }
        position = at;
        return reply;
    }

    @Override
    public void sync(LogPosition at) {
        write(at, new Batch());
        store.rows().sync();
    }

    @Override
    public void copyTo(Path directory) {
        store.rows().copyTo(directory);
    }

    @Override
    public void replaceBy(Path directory) {
        store.rows().replaceBy(directory);
        load();
        everything.run();
    }

    private void write(LogPosition at, Batch batch) {
        store.rows().write(Positions.put(batch, MailboxStore.META, at));
    }

    /** Answers the encoded batch answer, or nothing if the store epoch is another gateway's. */
    private Bytes deliver(LogPosition at, Deliver command) {
        long now = Math.max(clockMillis, command.clockMillis());
        Transfer transfer = new Transfer(store, command, now, periods);
        BatchAnswer answer = transfer.run().orElse(null);
        if (answer == null) {
            write(at, new Batch());
            return Bytes.EMPTY;
        }
        write(at, transfer.batch());
        clockMillis = now;
        periods.add(MailboxStore.period(now));
        counts.delivered(command.deliveries().size() - answer.refused().size(), transfer.duplicates());
        transfer.touched().forEach(changed);
        return answer.encode();
    }

    private void acknowledge(LogPosition at, Acknowledge command) {
        Bytes owner = command.ownerId();
        Accounts accounts = new Accounts(store);
        Batch batch = new Batch();
        Box box = accounts.box(owner);
        long upTo = Math.min(command.upTo(), box.last());
        if (upTo > box.removed()) {
            long freed = cut(owner, box, upTo, batch) - box.removedBytes();
            accounts.change(owner, box.acknowledged(upTo, box.removedBytes() + freed));
            counts.acknowledged(upTo - box.removed());
            reclaim.freed(owner, upTo, freed);
        } else if (upTo > box.acknowledged()) {
            accounts.change(owner, box.acknowledged(upTo, box.removedBytes()));
        }
        accounts.write(batch);
        write(at, batch);
    }

    private void expire(LogPosition at, Expire command) {
        Accounts accounts = new Accounts(store);
        Batch batch = new Batch();
        for (MailboxCommand.Cut one : command.cuts()) {
            Box box = accounts.box(one.ownerId());
            long upTo = Math.min(one.upTo(), box.last());
            if (upTo > box.removed()) {
                long removedBytes = cut(one.ownerId(), box, upTo, batch);
                accounts.change(one.ownerId(), box.expired(upTo, removedBytes));
                counts.expired(upTo - box.removed());
                reclaim.freed(one.ownerId(), upTo, removedBytes - box.removedBytes());
            }
        }
        accounts.write(batch);
        long left = MailboxStore.period(command.beforeMillis());
        forget(left, batch);
        write(at, batch);
        periods.headSet(left).clear();
    }

    /** The rows are as all entries before this one left them, on every member. */
    private void compare(LogPosition at, MailboxCommand command) {
        if (command instanceof MailboxCommand.Compare turn) {
            digests.apply(at.index(), turn);
        } else {
            digests.apply((MailboxCommand.Found) command);
        }
        write(at, new Batch());
    }

    /** Removes a mailbox' messages up to one that is there; answers what it counts as {@code bytesUpTo}. */
    private long cut(Bytes owner, Box box, long upTo, Batch batch) {
        StoredMessage last = store.message(owner, upTo)
                .orElseThrow(() -> new IllegalStateException("a mailbox lacks a message that it counts"));
        batch.deleteRange(
                MailboxStore.MESSAGES,
                MailboxStore.messageKey(owner, box.removed() + 1),
                MailboxStore.messageKey(owner, upTo + 1));
        return last.bytesUpTo();
    }

    /** Forgets what was seen in periods before one. */
    private void forget(long left, Batch batch) {
        if (knowsBefore(left)) {
            batch.deleteRange(MailboxStore.CONTENTS, Keys.number(0), Keys.number(left));
            reclaim.forgotten();
        }
    }
}
