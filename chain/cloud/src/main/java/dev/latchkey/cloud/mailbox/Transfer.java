package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.mailbox.MailboxCommand.Delivery;
import dev.latchkey.cloud.mailbox.MailboxCommand.Recipient;
import dev.latchkey.cloud.store.Batch;
import dev.latchkey.cloud.store.Keys;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.MailboxEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;

/** One deliver command on its way into the store: what its batch will write, read before the store. For one thread. */
final class Transfer {
    private final MailboxStore store;
    private final MailboxCommand.Deliver command;
    private final long clockMillis;
    private final NavigableSet<Long> periods;
    private final Batch batch = new Batch();
    private final Accounts accounts;
    private final Map<Bytes, Bodies> bodies = new HashMap<>();
    private final Set<Bytes> touched = new HashSet<>();
    private final List<BatchAnswer.Refused> refused = new ArrayList<>();
    private long duplicates;

    /**
     * A transfer.
     *
     * @param clockMillis the log's clock, which never goes back
     * @param periods those of which anything seen is known
     */
    Transfer(MailboxStore store, MailboxCommand.Deliver command, long clockMillis, NavigableSet<Long> periods) {
        this.store = store;
        this.command = command;
        this.clockMillis = clockMillis;
        this.periods = periods;
        this.accounts = new Accounts(store);
    }

    /** Runs the command; afterwards {@link #batch} holds its effect. Empty if the epoch is another gateway's. */
    Optional<BatchAnswer> run() {
        Sequences sequences = store.sequences(command.epoch()).orElseGet(() -> Sequences.none(command.gatewayId()));
        if (!sequences.areOf(command.gatewayId())) {
            return Optional.empty();
        }
        long last = 0;
        for (Delivery delivery : command.deliveries()) {
            last = Math.max(last, delivery.sequence());
            deliver(delivery, sequences).ifPresent(refused::add);
        }
        for (MailboxCommand.KeptTicket kept : command.tickets()) {
            Bytes key = MailboxStore.ticketKey(command.gatewayId(), kept.memberId());
            batch.put(MailboxStore.TICKETS, key, kept.ticket());
        }
        accounts.write(batch);
        bodies.forEach((key, kept) -> batch.put(MailboxStore.CONTENTS, key, kept.marks()));
        batch.put(MailboxStore.EPOCHS, command.epoch(), sequences.encode());
        batch.put(MailboxStore.META, MailboxStore.clockKey(), Keys.number(clockMillis));
        return Optional.of(new BatchAnswer(last, refused));
    }

    /** Into all mailboxes that can have it, whatever becomes of the others; or into none, with a reason. */
    private Optional<BatchAnswer.Refused> deliver(Delivery delivery, Sequences sequences) {
        Bytes hash = Bodies.hash(delivery.message());
        boolean isKnown = false;
        List<Place> places = new ArrayList<>();
        List<Place> full = new ArrayList<>();
        Set<Bytes> owners = new HashSet<>();
        for (Recipient recipient : delivery.recipients()) {
            if (!owners.add(recipient.id())) {
                continue; // one member under two names
            }
            Place place = place(recipient, delivery);
            if (place.bodies().hold(hash)) {
                isKnown = true;
            } else if (place.refusal() == Refusal.NONE) {
                places.add(place);
            } else {
                full.add(place);
            }
        }
        if (!isKnown && sequences.holds(delivery.sequence())) {
            return Optional.of(Refusal.SEQUENCE_REUSED.of(delivery.sequence()));
        }
        if (!isKnown && places.isEmpty()) {
            return Optional.of(full.get(0).refusal().of(delivery.sequence()));
        }
        if (places.isEmpty()) {
            duplicates++;
        }
        sequences.add(delivery.sequence());
        places.forEach(place -> put(place, delivery, hash));
        return Optional.empty();
    }

    /** A recipient, what is kept for it already, and why it cannot have the message. */
    private record Place(Bytes owner, Digest network, Bytes contentKey, Bodies bodies, Refusal refusal) {}

    private Place place(Recipient recipient, Delivery delivery) {
        Bytes owner = recipient.id();
        MailboxCommand.Network network = command.networks().get(recipient.network());
        Bytes key = MailboxStore.contentKey(owner, delivery.senderId(), delivery.session(), delivery.counter());
        Bodies kept = bodies(key);
        int size = delivery.message().size();
        Refusal refusal = kept.haveRoomFor(command.gatewayId())
                ? Refusal.of(
                        command.perMailbox().exceededBy(accounts.mailbox(owner), size),
                        network.quota().exceededBy(accounts.network(network.chain()), size))
                : Refusal.COUNTER_REUSED;
        return new Place(owner, network.chain(), key, kept, refusal);
    }

    private void put(Place place, Delivery delivery, Bytes hash) {
        Bytes owner = place.owner();
        Box box = accounts.add(owner, place.network(), delivery.message().size());
        MailboxEntry entry = new MailboxEntry(
                box.last(),
                command.gateway(),
                delivery.sender(),
                delivery.session(),
                delivery.acceptedMillis(),
                delivery.contentFormat(),
                delivery.message());
        bodies.put(
                MailboxStore.periodKey(MailboxStore.period(clockMillis), place.contentKey()),
                place.bodies().with(hash, command.gatewayId()));
        touched.add(owner);
        batch.put(
                MailboxStore.MESSAGES,
                MailboxStore.messageKey(owner, box.last()),
                new StoredMessage(clockMillis, box.appendedBytes(), entry.encode()).encode());
    }

    /** All that were kept for a counter, in whatever period; the newest row has those of the older ones too. */
    private Bodies bodies(Bytes contentKey) {
        long now = MailboxStore.period(clockMillis);
        Bodies kept = bodies.get(MailboxStore.periodKey(now, contentKey));
        if (kept != null) {
            return kept;
        }
        for (long period : periods.headSet(now, true).descendingSet()) {
            Optional<Bytes> stored =
                    store.rows().get(MailboxStore.CONTENTS, MailboxStore.periodKey(period, contentKey));
            if (stored.isPresent()) {
                return new Bodies(stored.get());
            }
        }
        return Bodies.NONE;
    }

    /** What the command changes in the store. */
    Batch batch() {
        return batch;
    }

    /** The mailboxes that got something. */
    Set<Bytes> touched() {
        return touched;
    }

    /** Messages that every recipient had before. */
    long duplicates() {
        return duplicates;
    }
}
