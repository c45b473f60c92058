package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.StoredChains;
import dev.latchkey.cloud.mailbox.MailboxCommand;
import dev.latchkey.cloud.mailbox.MailboxCommand.Delivery;
import dev.latchkey.cloud.mailbox.MailboxCommand.KeptTicket;
import dev.latchkey.cloud.mailbox.MailboxCommand.Recipient;
import dev.latchkey.cloud.mailbox.MailboxSettings;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Turns a gateway's batch into a command that apply can carry out without looking at a chain: names become member ids,
 * and messages that the cloud will never take are sorted out with a reason. Thread-safe.
 */
final class BatchResolution {
    /** A member that moved more often than that is not followed; devices do not follow it either. */
    private static final int MAX_MOVES = 8;

    private final StoredChains store;
    private final Predicate<ChainId> isOrdered;
    private final MailboxShards mailboxes;
    private final MailboxSettings settings;
    private final Tickets tickets;
    private final Clock clock;

    /**
     * Resolutions on a node.
     *
     * @param isOrdered whether the node orders a chain
     */
    BatchResolution(
            StoredChains store, Predicate<ChainId> isOrdered, MailboxLog mailboxes, Tickets tickets, Clock clock) {
        this.store = store;
        this.isOrdered = isOrdered;
        this.mailboxes = mailboxes.mailboxes();
        this.settings = mailboxes.settings();
        this.tickets = tickets;
        this.clock = clock;
    }

    /** The command, unless nothing is left of the batch, and what was sorted out. */
    record Resolved(Optional<MailboxCommand.Deliver> command, List<BatchAnswer.Refused> refused) {}

    Resolved resolve(OrderedChain chain, MemberRecord gateway, MessageBatch batch) {
        return new Turn(chain, gateway, batch).run();
    }

    /** One batch. For one thread. Senders and recipients repeat within it; each is looked up once. */
    private final class Turn {
        private final OrderedChain chain;
        private final MemberRecord gateway;
        private final MessageBatch batch;
        private final long nowMillis = clock.millis();
        private final Map<String, ServeTicket> shown = new HashMap<>();
        private final Map<String, KeptTicket> kept = new HashMap<>();
        private final Map<Named, Optional<Sender>> senders = new HashMap<>();
        private final Map<Named, Reached> recipients = new HashMap<>();
        private final List<MailboxCommand.Network> networks = new ArrayList<>();
        private final Map<ChainId, Integer> networkPlaces = new HashMap<>();
        private final List<Delivery> deliveries = new ArrayList<>();
        private final List<BatchAnswer.Refused> refused = new ArrayList<>();

        Turn(OrderedChain chain, MemberRecord gateway, MessageBatch batch) {
            this.chain = chain;
            this.gateway = gateway;
            this.batch = batch;
            for (Bytes encoded : batch.tickets()) {
                Tickets.decode(encoded).ifPresent(ticket -> shown.put(ticket.member(), ticket));
            }
        }

        Resolved run() {
            for (MessageBatch.Message message : batch.messages()) {
                refusal(message).ifPresent(code -> refused.add(new BatchAnswer.Refused(message.sequence(), code)));
            }
            if (deliveries.isEmpty()) {
                return new Resolved(Optional.empty(), refused);
            }
            MailboxCommand.Deliver command = new MailboxCommand.Deliver(
                    gateway.id(),
                    gateway.name(),
                    batch.epoch(),
                    nowMillis,
                    settings.perMailbox(),
                    networks,
                    deliveries,
                    new ArrayList<>(kept.values()));
            return new Resolved(Optional.of(command), refused);
        }

        /** Resolves a message into a delivery, or says why not. */
        private Optional<String> refusal(MessageBatch.Message message) {
            Optional<Sender> sender = senders.computeIfAbsent(
                    new Named(false, chain.id(), message.sender(), message.height()), this::sender);
            if (sender.isEmpty()) {
                return Optional.of("unknown-sender");
            }
            if (!isServed(sender.get(), message)) {
                return Optional.of("not-served");
            }
            Optional<Bytes> counter = message.contentFormat() == ContentFormat.COSE_ENCRYPT0
                    ? ReadingHeader.counter(message.message(), message.session())
                    : Optional.of(DigestHeader.counter(message.message(), message.session()));
            if (counter.isEmpty()) {
                return Optional.of("malformed");
            }
            List<Recipient> reached = new ArrayList<>();
            Optional<String> why = Optional.empty();
            for (Named name : names(message)) {
                Reached recipient = recipients.computeIfAbsent(name, this::reached);
                recipient.recipient().ifPresent(reached::add);
                why = why.or(recipient::why);
            }
            if (reached.isEmpty()) {
                return why;
            }
            deliveries.add(new Delivery(
                    message.sequence(),
                    sender.get().record().id(),
                    message.sender(),
                    message.session(),
                    counter.get(),
                    message.acceptedMillis(),
                    message.contentFormat(),
                    message.message(),
                    reached));
            return Optional.empty();
        }

        private List<Named> names(MessageBatch.Message message) {
            List<Named> names = new ArrayList<>();
            message.recipients().forEach(name -> names.add(new Named(false, chain.id(), name, message.height())));
            message.abroad().forEach(one -> names.add(new Named(true, one.chain(), one.name(), Long.MAX_VALUE)));
            return names;
        }

        /** A message that waited in the gateway's outbox is judged by the time of its acceptance. */
        private Optional<Sender> sender(Named name) {
            return store.recordAt(name.chain(), name.name(), name.height())
                    .filter(MemberRecord::isActive)
                    .map(record -> new Sender(record, tickets(record)));
        }

        /** The tickets by which the sender lets the gateway act, whenever; one that is new is kept. */
        private List<ServeTicket> tickets(MemberRecord sender) {
            List<ServeTicket> good = new ArrayList<>();
            ServeTicket ticket = shown.get(sender.name());
            if (ticket != null && tickets.isOf(ticket, chain.id(), sender, gateway.name())) {
                good.add(ticket);
            }
            mailboxes.tickets(gateway.id(), sender.id()).stream()
                    .flatMap(encoded -> Tickets.decode(encoded).stream())
                    .filter(one -> tickets.isOf(one, chain.id(), sender, gateway.name()))
                    .forEach(good::add);
            boolean isNewest = good.stream()
                    .skip(1)
                    .allMatch(other -> other.notAfter().isBefore(good.get(0).notAfter()));
            if (!good.isEmpty() && good.get(0) == ticket && isNewest) {
                kept.put(sender.name(), new KeptTicket(sender.id(), ticket.encode()));
            }
            return good;
        }

        private boolean isServed(Sender sender, MessageBatch.Message message) {
            Instant moment = Instant.ofEpochMilli(Math.min(nowMillis, message.acceptedMillis()));
            return sender.tickets().stream().anyMatch(ticket -> ticket.isGoodAt(moment));
        }

        /**
         * Where a recipient's mailbox is, or why nothing reaches it. A mailbox hangs on the member's id, which stays through
         * moves: who is on its way finds there what was sent meanwhile, wherever it ends up on this node; who was put out
         * there, or left, reads nothing any more.
         */
        private Reached reached(Named name) {
            boolean isNear = !name.abroad() || isSibling(name.chain());
            ChainId place = name.chain();
            Optional<MemberRecord> found =
                    isNear ? store.recordAt(place, name.name(), name.height()) : Optional.empty();
            for (int moves = 0; found.isPresent() && moves < MAX_MOVES; moves++) {
                MemberRecord record = found.get();
                if (!(record.state() instanceof MemberState.Moved moved)) {
                    boolean here = record.isActive() || record.state() instanceof MemberState.Moving;
                    return here
                            ? Reached.at(new Recipient(record.id(), network(place)))
                            : Reached.not("unknown-recipient");
                }
                if (!isOrdered.test(moved.to())) {
                    return Reached.not("moved-away");
                }
                place = moved.to();
                found = store.recordAt(place, moved.name(), Long.MAX_VALUE)
                        .filter(there -> there.id().equals(record.id()));
            }
            return Reached.not("unknown-recipient");
        }

        /** The place of a chain among the networks of the entry, each with what may wait for its members. */
        private int network(ChainId of) {
            return networkPlaces.computeIfAbsent(of, id -> {
                networks.add(new MailboxCommand.Network(id.digest(), settings.perNetwork()));
                return networks.size() - 1;
            });
        }

        private boolean isSibling(ChainId other) {
            return chain.line().verified().policy().siblings().stream()
                    .anyMatch(sibling -> sibling.chain().equals(other));
        }
    }

    /** Somebody, as a chain knew it at a height. */
    private record Named(boolean abroad, ChainId chain, String name, long height) {}

    private record Sender(MemberRecord record, List<ServeTicket> tickets) {}

    private record Reached(Optional<Recipient> recipient, Optional<String> why) {
        static Reached at(Recipient recipient) {
            return new Reached(Optional.of(recipient), Optional.empty());
        }

        static Reached not(String why) {
            return new Reached(Optional.empty(), Optional.of(why));
        }
    }
}
