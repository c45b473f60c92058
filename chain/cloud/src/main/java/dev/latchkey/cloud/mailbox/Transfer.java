package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cloud.store.Batch;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.MailboxEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One deliver command on its way into the store: what its batch will write, read before the store. For one thread. */
final class Transfer {
    /** Bytes kept of a body's hash. */
    private static final int MARK_BYTES = 16;

    private final MailboxStore store;
    private final MailboxCommand.Deliver command;
    private final Batch batch = new Batch();
    private final Map<Bytes, Box> boxes = new HashMap<>();
    private final Map<Bytes, Bytes> contents = new HashMap<>();
    private final Set<Bytes> touched = new HashSet<>();
    private final List<BatchAnswer.Refused> refused = new ArrayList<>();

    Transfer(MailboxStore store, MailboxCommand.Deliver command) {
        this.store = store;
        this.command = command;
    }

    /** Runs the command; afterwards {@link #batch} holds its effect. */
    BatchAnswer run() {
        long last = 0;
        for (MailboxCommand.Delivery delivery : command.deliveries()) {
            last = Math.max(last, delivery.sequence());
            Bytes dedup = MailboxStore.dedupKey(command.gatewayId(), command.epoch(), delivery.sequence());
            if (!store.rows().contains(MailboxStore.DEDUP, dedup)) {
                deliver(delivery, dedup)
                        .ifPresent(code -> refused.add(new BatchAnswer.Refused(delivery.sequence(), code)));
            }
        }
        for (MailboxCommand.KeptTicket kept : command.tickets()) {
            Bytes key = MailboxStore.ticketKey(command.gatewayId(), kept.memberId());
            batch.put(MailboxStore.TICKETS, key, kept.ticket());
        }
        boxes.forEach((owner, box) -> batch.put(MailboxStore.BOXES, owner, box.encode()));
        contents.forEach((key, marks) -> batch.put(MailboxStore.CONTENTS, key, marks));
        return new BatchAnswer(last, refused);
    }

    /** Into all mailboxes that can have it, whatever becomes of the others; or into none, with a reason. */
    private Optional<String> deliver(MailboxCommand.Delivery delivery, Bytes dedup) {
        Bytes mark = Digest.sha256(delivery.message()).bytes().slice(0, MARK_BYTES);
        List<Bytes> owners = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        Set<Bytes> all = new TreeSet<>(delivery.recipientIds());
        for (Bytes owner : all) {
            Bytes marks = marks(contentKey(owner, delivery));
            if (!holds(marks, mark)) {
                if (marks.size() >= MailboxLimits.MAX_BODIES * MARK_BYTES) {
                    reasons.add("counter-reused");
                } else if (!box(owner).hasRoomFor(delivery.message().size())) {
                    reasons.add("mailbox-full");
                } else {
                    owners.add(owner);
                }
            }
        }
        if (!reasons.isEmpty() && reasons.size() == all.size()) {
            return Optional.of(reasons.get(0));
        }
        if (!owners.isEmpty()) {
            batch.put(MailboxStore.DEDUP, dedup, Bytes.EMPTY);
        }
        Bytes own = dedup;
        for (Bytes owner : owners) {
            put(owner, delivery, mark, own);
            own = Bytes.EMPTY;
        }
        return Optional.empty();
    }

    private void put(Bytes owner, MailboxCommand.Delivery delivery, Bytes mark, Bytes dedup) {
        Box box = box(owner).with(delivery.message().size());
        MailboxEntry entry = new MailboxEntry(
                box.last(),
                command.gateway(),
                delivery.sender(),
                delivery.session(),
                delivery.acceptedMillis(),
                delivery.contentFormat(),
                delivery.message());
        Bytes contentKey = contentKey(owner, delivery);
        contents.put(contentKey, Bytes.concat(marks(contentKey), mark));
        boxes.put(owner, box);
        touched.add(owner);
        batch.put(MailboxStore.MESSAGES, MailboxStore.messageKey(owner, box.last()), entry.encode());
        Bytes companions = Cbor.encode(Cbor.array(Cbor.bytes(dedup), Cbor.bytes(contentKey)));
        batch.put(MailboxStore.EXPIRY, MailboxStore.expiryKey(command.clockMillis(), owner, box.last()), companions);
    }

    private static Bytes contentKey(Bytes owner, MailboxCommand.Delivery delivery) {
        return MailboxStore.contentKey(owner, delivery.senderId(), delivery.session(), delivery.counter());
    }

    private Box box(Bytes owner) {
        Box changed = boxes.get(owner);
        return changed == null ? store.box(owner) : changed;
    }

    private Bytes marks(Bytes contentKey) {
        Bytes changed = contents.get(contentKey);
        return changed == null
                ? store.rows().get(MailboxStore.CONTENTS, contentKey).orElse(Bytes.EMPTY)
                : changed;
    }

    private static boolean holds(Bytes marks, Bytes mark) {
        for (int at = 0; at < marks.size(); at += MARK_BYTES) {
            if (marks.slice(at, at + MARK_BYTES).equals(mark)) {
                return true;
            }
        }
        return false;
    }

    /** What the command changes in the store. */
    Batch batch() {
        return batch;
    }

    /** The mailboxes that got something. */
    Set<Bytes> touched() {
        return touched;
    }
}
