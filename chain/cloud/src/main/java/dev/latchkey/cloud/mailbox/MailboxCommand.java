package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * What an entry of the mailboxes' group asks for. All that needs a chain was resolved before: apply reads nothing but the
 * mailboxes' own store.
 */
public sealed interface MailboxCommand {
    /** Longest name in bytes. */
    int MAX_NAME = 64;

    /**
     * Puts messages into mailboxes: {@code [1, gateway id, gateway name, epoch, clock, [* delivery], [* [member id,
     * ticket]]]}.
     *
     * @param gatewayId member id of the gateway
     * @param gateway its name
     * @param epoch the epoch of its store
     * @param clockMillis the leader's clock, from which the retention counts
     * @param deliveries in the order of their sequence
     * @param tickets new serve tickets, kept so that a gateway need not show them with every batch
     */
    record Deliver(
            Bytes gatewayId,
            String gateway,
            Bytes epoch,
            long clockMillis,
            List<Delivery> deliveries,
            List<KeptTicket> tickets)
            implements MailboxCommand {
        public Deliver {
            deliveries = List.copyOf(deliveries);
            tickets = List.copyOf(tickets);
        }
    }

    /** A serve ticket that was checked, and the id of the member that gave it: {@code [member id, ticket]}. */
    record KeptTicket(Bytes memberId, Bytes ticket) {}

    /**
     * One message: {@code [sequence, sender id, sender, session, counter, accepted ms, content format, message, [+
     * recipient id]]}.
     *
     * @param counter the Partial IV of a reading, a kind and the first Partial IV of a digest, empty for an opener
     */
    record Delivery(
            long sequence,
            Bytes senderId,
            String sender,
            Digest session,
            Bytes counter,
            long acceptedMillis,
            int contentFormat,
            Bytes message,
            List<Bytes> recipientIds) {
        public Delivery {
            recipientIds = List.copyOf(recipientIds);
        }
    }

    /** Removes the messages of a mailbox up to a sequence: {@code [2, owner id, up to]}. */
    record Acknowledge(Bytes ownerId, long upTo) implements MailboxCommand {}

    /** Ends the retention of what was delivered before a moment: {@code [3, before ms]}. */
    record Expire(long beforeMillis) implements MailboxCommand {}

    /** The command's bytes. */
    default Bytes encode() {
        if (this instanceof Deliver deliver) {
            return Cbor.encode(Cbor.array(
                    Cbor.uint(1),
                    Cbor.bytes(deliver.gatewayId()),
                    Cbor.text(deliver.gateway()),
                    Cbor.bytes(deliver.epoch()),
                    Cbor.uint(deliver.clockMillis()),
                    Cbor.array(deliver.deliveries().stream()
                            .map(MailboxCommand::item)
                            .toList()),
                    Cbor.array(deliver.tickets().stream()
                            .map(kept -> Cbor.array(Cbor.bytes(kept.memberId()), Cbor.bytes(kept.ticket())))
                            .toList())));
        }
        if (this instanceof Acknowledge acknowledge) {
            return Cbor.encode(
                    Cbor.array(Cbor.uint(2), Cbor.bytes(acknowledge.ownerId()), Cbor.uint(acknowledge.upTo())));
        }
        return Cbor.encode(Cbor.array(Cbor.uint(3), Cbor.uint(((Expire) this).beforeMillis())));
    }

    private static Item item(Delivery delivery) {
        return Cbor.array(
                Cbor.uint(delivery.sequence()),
                Cbor.bytes(delivery.senderId()),
                Cbor.text(delivery.sender()),
                Cbor.bytes(delivery.session().bytes()),
                Cbor.bytes(delivery.counter()),
                Cbor.uint(delivery.acceptedMillis()),
                Cbor.uint(delivery.contentFormat()),
                Cbor.bytes(delivery.message()),
                Cbor.array(delivery.recipientIds().stream().map(Cbor::bytes).toList()));
    }

    /** Reads a command of this node's own log. */
    static MailboxCommand decode(Bytes encoded) {
        try {
            List<Item> parts = Cbor.decode(encoded, RaftNode.MAX_ENTRY_BYTES).asArray(2, 7);
            long kind = parts.get(0).asUint();
            if (kind == 1 && parts.size() == 7) {
                return deliver(parts);
            }
            if (kind == 2 && parts.size() == 3) {
                return new Acknowledge(
                        parts.get(1).asBytes(MemberRecord.ID_BYTES),
                        parts.get(2).asUint());
            }
            if (kind == 3 && parts.size() == 2) {
                return new Expire(parts.get(1).asUint());
            }
            throw new IllegalStateException("the log holds a command of a newer version");
        } catch (MalformedCborException e) {
            throw new IllegalStateException("the log holds what is no command", e);
        }
    }

    private static Deliver deliver(List<Item> parts) throws MalformedCborException {
        List<Delivery> deliveries = new ArrayList<>();
        for (Item item : parts.get(5).asArray()) {
            deliveries.add(delivery(item.asArray(9)));
        }
        List<KeptTicket> tickets = new ArrayList<>();
        for (Item item : parts.get(6).asArray()) {
            List<Item> kept = item.asArray(2);
            tickets.add(new KeptTicket(
                    kept.get(0).asBytes(MemberRecord.ID_BYTES), kept.get(1).asBytes()));
        }
        return new Deliver(
                parts.get(1).asBytes(MemberRecord.ID_BYTES),
                parts.get(2).asText(MAX_NAME),
                parts.get(3).asBytes(),
                parts.get(4).asUint(),
                deliveries,
                tickets);
    }

    private static Delivery delivery(List<Item> parts) throws MalformedCborException {
        List<Bytes> recipients = new ArrayList<>();
        for (Item item : parts.get(8).asArray()) {
            recipients.add(item.asBytes(MemberRecord.ID_BYTES));
        }
        return new Delivery(
                parts.get(0).asUint(),
                parts.get(1).asBytes(MemberRecord.ID_BYTES),
                parts.get(2).asText(MAX_NAME),
                Digest.of(parts.get(3).asBytes(Digest.SIZE)),
                parts.get(4).asBytes(),
                parts.get(5).asUint(),
                parts.get(6).asUint(Integer.MAX_VALUE),
                parts.get(7).asBytes(),
                recipients);
    }
}
