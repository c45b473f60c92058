package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.chain.ChainStore;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.mailbox.MailboxCommand;
import dev.latchkey.cloud.mailbox.MailboxCommand.Delivery;
import dev.latchkey.cloud.mailbox.MailboxCommand.KeptTicket;
import dev.latchkey.cloud.mailbox.Mailboxes;
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

    private final ChainStore store;
    private final Predicate<ChainId> isOrdered;
    private final Mailboxes mailboxes;
    private final Tickets tickets;
    private final Clock clock;

    /**
     * Resolutions on a node.
     *
     * @param isOrdered whether the node orders a chain
     */
    BatchResolution(ChainStore store, Predicate<ChainId> isOrdered, Mailboxes mailboxes, Tickets tickets, Clock clock) {
        this.store = store;
        this.isOrdered = isOrdered;
        this.mailboxes = mailboxes;
        this.tickets = tickets;
        this.clock = clock;
    }

    /** The command, unless nothing is left of the batch, and what was sorted out. */
    record Resolved(Optional<MailboxCommand.Deliver> command, List<BatchAnswer.Refused> refused) {}

    Resolved resolve(OrderedChain chain, MemberRecord gateway, MessageBatch batch) {
        return new Turn(chain, gateway, batch).run();
    }

    /** One batch. For one thread. */
    private final class Turn {
        private final OrderedChain chain;
        private final MemberRecord gateway;
        private final MessageBatch batch;
        private final long nowMillis = clock.millis();
        private final Map<String, ServeTicket> shown = new HashMap<>();
        private final Map<String, KeptTicket> kept = new HashMap<>();
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
                    gateway.id(), gateway.name(), batch.epoch(), nowMillis, deliveries, new ArrayList<>(kept.values()));
            return new Resolved(Optional.of(command), refused);
        }

        /** Resolves a message into a delivery, or says why not. */
        private Optional<String> refusal(MessageBatch.Message message) {
            Optional<MemberRecord> sender = activeAt(message.sender(), message.height());
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
            List<Optional<MemberRecord>> named = new ArrayList<>();
            message.recipients().forEach(name -> named.add(store.recordAt(chain.id(), name, message.height())));
            message.abroad().forEach(abroad -> named.add(sibling(abroad)));
            List<Bytes> recipients = new ArrayList<>();
            Optional<String> why = Optional.empty();
            for (Optional<MemberRecord> recipient : named) {
                Optional<String> unreachable = unreachable(recipient);
                if (unreachable.isEmpty()) {
                    recipients.add(recipient.orElseThrow().id());
                }
                why = why.or(() -> unreachable);
            }
            if (recipients.isEmpty()) {
                return why;
            }
            deliveries.add(new Delivery(
                    message.sequence(),
                    sender.get().id(),
                    message.sender(),
                    message.session(),
                    counter.get(),
                    message.acceptedMillis(),
                    message.contentFormat(),
                    message.message(),
                    recipients));
            return Optional.empty();
        }

        /** A message that waited in the gateway's outbox is judged by the time of its acceptance. */
        private Optional<MemberRecord> activeAt(String name, long height) {
            return store.recordAt(chain.id(), name, height).filter(MemberRecord::isActive);
        }

        /**
         * Why nothing reaches a recipient, if nothing does. A mailbox hangs on the member's id, which stays through moves:
         * who is on its way finds there what was sent meanwhile, wherever it ends up on this node; who was put out there, or
         * left, reads nothing any more.
         */
        private Optional<String> unreachable(Optional<MemberRecord> recipient) {
            Optional<MemberRecord> found = recipient;
            for (int moves = 0; found.isPresent() && moves < MAX_MOVES; moves++) {
                MemberRecord record = found.get();
                if (!(record.state() instanceof MemberState.Moved moved)) {
                    boolean here = record.isActive() || record.state() instanceof MemberState.Moving;
                    return here ? Optional.empty() : Optional.of("unknown-recipient");
                }
                if (!isOrdered.test(moved.to())) {
                    return Optional.of("moved-away");
                }
                found = store.recordAt(moved.to(), moved.name(), Long.MAX_VALUE)
                        .filter(there -> there.id().equals(record.id()));
            }
            return Optional.of("unknown-recipient");
        }

        /** What a chain that the sender's chain names as a sibling says of a member now. */
        private Optional<MemberRecord> sibling(MessageBatch.Abroad abroad) {
            boolean named = chain.line().verified().policy().siblings().stream()
                    .anyMatch(sibling -> sibling.chain().equals(abroad.chain()));
            return named ? store.recordAt(abroad.chain(), abroad.name(), Long.MAX_VALUE) : Optional.empty();
        }

        private boolean isServed(MemberRecord sender, MessageBatch.Message message) {
            Instant moment = Instant.ofEpochMilli(Math.min(nowMillis, message.acceptedMillis()));
            ServeTicket ticket = shown.get(sender.name());
            if (ticket != null && tickets.allows(ticket, chain.id(), sender, gateway.name(), moment)) {
                kept.put(sender.name(), new KeptTicket(sender.id(), ticket.encode()));
                return true;
            }
            return mailboxes
                    .ticket(gateway.id(), sender.id())
                    .flatMap(Tickets::decode)
                    .filter(known -> tickets.allows(known, chain.id(), sender, gateway.name(), moment))
                    .isPresent();
        }
    }
}
