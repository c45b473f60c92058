package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.raft.GroupMachine;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cloud.store.Batch;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.cloud.store.Positions;
import dev.latchkey.transaction.MemberRecord;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Applies the entries of the mailboxes' group. For the group's updater. */
final class MailboxMachine implements GroupMachine {
    private static final int OWNER_OFFSET = Long.BYTES;
    private static final int SEQUENCE_OFFSET = OWNER_OFFSET + MemberRecord.ID_BYTES;
    private static final int MAX_COMPANIONS_BYTES = 256;

    private final MailboxStore store;
    private final Consumer<Bytes> changed;
    private final Runnable everything;
    private LogPosition position;

    /**
     * A machine over a store.
     *
     * @param changed is told the owner of each mailbox that got something; must not block
     * @param everything is told that any mailbox may have got something; must not block
     */
    MailboxMachine(MailboxStore store, Consumer<Bytes> changed, Runnable everything) {
        this.store = store;
        this.changed = changed;
        this.everything = everything;
        this.position = Positions.read(store.rows(), MailboxStore.META);
    }

    @Override
    public LogPosition applied() {
        return position;
    }

    @Override
    public Bytes apply(LogPosition at, Bytes entry) {
        if (at.index() <= position.index()) {
            return Bytes.EMPTY; // the store has it already
        }
        MailboxCommand command = MailboxCommand.decode(entry);
        Bytes reply;
        if (command instanceof MailboxCommand.Deliver deliver) {
            reply = deliver(at, deliver);
        } else if (command instanceof MailboxCommand.Acknowledge acknowledge) {
            reply = acknowledge(at, acknowledge);
        } else {
            reply = expire(at, (MailboxCommand.Expire) command);
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
        position = Positions.read(store.rows(), MailboxStore.META);
        everything.run();
    }

    private void write(LogPosition at, Batch batch) {
        store.rows().write(Positions.put(batch, MailboxStore.META, at));
    }

    private Bytes deliver(LogPosition at, MailboxCommand.Deliver command) {
        Transfer transfer = new Transfer(store, command);
        Bytes reply = transfer.run().encode();
        write(at, transfer.batch());
        transfer.touched().forEach(changed);
        return reply;
    }

    private Bytes acknowledge(LogPosition at, MailboxCommand.Acknowledge command) {
        Bytes owner = command.ownerId();
        Box[] box = {store.box(owner)};
        long upTo = Math.min(command.upTo(), box[0].last());
        store.messages(owner, 0, upTo, (sequence, entry) -> {
            box[0] = box[0].without(bodySize(entry));
            return true;
        });
        Batch batch = new Batch()
                .deleteRange(
                        MailboxStore.MESSAGES,
                        MailboxStore.messageKey(owner, 0),
                        MailboxStore.messageKey(owner, upTo + 1))
                .put(MailboxStore.BOXES, owner, box[0].acknowledged(upTo).encode());
        write(at, batch);
        return Bytes.EMPTY;
    }

    /** Answers how many rows it removed: a full measure means that there may be more. */
    private Bytes expire(LogPosition at, MailboxCommand.Expire command) {
        Batch batch = new Batch();
        Map<Bytes, Box> boxes = new HashMap<>();
        int[] rows = {0};
        Bytes until = Keys.number(command.beforeMillis());
        store.rows().scan(MailboxStore.EXPIRY, Bytes.EMPTY, until, (key, companions) -> {
            expire(key, companions, boxes, batch);
            rows[0]++;
            return rows[0] < MailboxLimits.MAX_EXPIRED;
        });
        boxes.forEach((owner, box) -> batch.put(MailboxStore.BOXES, owner, box.encode()));
        write(at, batch);
        return Keys.number(rows[0]);
    }

    private void expire(Bytes key, Bytes companions, Map<Bytes, Box> boxes, Batch batch) {
        Bytes owner = key.slice(OWNER_OFFSET, SEQUENCE_OFFSET);
        long sequence = Keys.lastNumber(key);
        store.message(owner, sequence).ifPresent(entry -> {
            Box box = boxes.computeIfAbsent(owner, store::box);
            boxes.put(owner, box.withoutExpired(bodySize(entry)));
            batch.delete(MailboxStore.MESSAGES, MailboxStore.messageKey(owner, sequence));
        });
        List<Item> keys = companionKeys(companions);
        batch.delete(MailboxStore.EXPIRY, key);
        try {
            if (!keys.get(0).asBytes().isEmpty()) {
                batch.delete(MailboxStore.DEDUP, keys.get(0).asBytes());
            }
            batch.delete(MailboxStore.CONTENTS, keys.get(1).asBytes());
        } catch (MalformedCborException e) {
            throw new IllegalStateException("apply wrote this row itself", e);
        }
    }

    private static List<Item> companionKeys(Bytes companions) {
        try {
            return Cbor.decode(companions, MAX_COMPANIONS_BYTES).asArray(2);
        } catch (MalformedCborException e) {
            throw new IllegalStateException("apply wrote this row itself", e);
        }
    }

    /** The bytes that a stored entry counts with: those of its message. */
    private static int bodySize(Bytes entry) {
        return Mailboxes.decoded(entry).message().size();
    }
}
