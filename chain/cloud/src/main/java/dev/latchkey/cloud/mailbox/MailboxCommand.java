package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.List;

/**
 * What an entry of the mailboxes' group asks for. All that needs a chain was resolved before: apply reads nothing but the
 * mailboxes' own store.
 */
public sealed interface MailboxCommand {
    /**
     * Puts messages into mailboxes: {@code [4, gateway id, gateway name, epoch, clock, [messages, bytes], [* [chain id,
     * messages, bytes]], [* delivery], [* [member id, ticket]]]}.
     *
     * @param gatewayId member id of the gateway
     * @param gateway its name
     * @param epoch the epoch of its store
     * @param clockMillis the leader's clock, from which the retention counts
     * @param perMailbox what may wait in one mailbox
     * @param networks what may wait in the mailboxes of each chain whose members are recipients
     * @param deliveries in the order of their sequence
     * @param tickets new serve tickets, kept so that a gateway need not show them with every batch
     */
    record Deliver(
            Bytes gatewayId,
            String gateway,
            Bytes epoch,
            long clockMillis,
            Quota perMailbox,
            List<Network> networks,
            List<Delivery> deliveries,
            List<KeptTicket> tickets)
            implements MailboxCommand {
        public Deliver {
            networks = List.copyOf(networks);
            deliveries = List.copyOf(deliveries);
            tickets = List.copyOf(tickets);
        }

        Deliver with(List<Network> others, List<Delivery> some) {
            return new Deliver(gatewayId, gateway, epoch, clockMillis, perMailbox, others, some, tickets);
        }
    }

    /** What may wait in the mailboxes of a chain's members: {@code [chain id, messages, bytes]}. */
    record Network(Digest chain, Quota quota) {}

    /** Who gets a message: {@code [member id, place of the member's chain among the networks]}. */
    record Recipient(Bytes id, int network) {}

    /** A serve ticket that was checked, and the id of the member that gave it: {@code [member id, ticket]}. */
    record KeptTicket(Bytes memberId, Bytes ticket) {}

    /**
     * One message: {@code [sequence, sender id, sender, session, counter, accepted ms, content format, message, [+
     * recipient]]}.
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
            List<Recipient> recipients) {
        public Delivery {
            recipients = List.copyOf(recipients);
        }

        Delivery to(List<Recipient> some) {
            return new Delivery(
                    sequence, senderId, sender, session, counter, acceptedMillis, contentFormat, message, some);
        }
    }

    /** Removes the messages of a mailbox up to a sequence: {@code [2, owner id, up to]}. */
    record Acknowledge(Bytes ownerId, long upTo) implements MailboxCommand {}

    /**
     * Ends the retention of messages that the leader found due: {@code [5, before ms, [* [owner id, up to]]]}.
     *
     * @param beforeMillis what was seen in periods that ended before is forgotten
     * @param cuts up to where each mailbox loses what nobody acknowledged
     */
    record Expire(long beforeMillis, List<Cut> cuts) implements MailboxCommand {
        public Expire {
            cuts = List.copyOf(cuts);
        }
    }

    /** Where a mailbox is cut: {@code [owner id, up to]}. */
    record Cut(Bytes ownerId, long upTo) {}

    /**
     * Has every member read back rows, and say what it found: {@code [6, family, after, rows]}.
     *
     * @param family its place in {@link MailboxStore#ARCHIVED}
     * @param after the row behind which it begins; empty for the first
     * @param rows the most that are read
     */
    record Compare(int family, Bytes after, int rows) implements MailboxCommand {}

    /**
     * What a member found: {@code [7, index, member, digest]}.
     *
     * @param index that of the entry that had it read
     * @param member its id
     * @param digest of the rows; empty if it cannot read them
     */
    record Found(long index, String member, Bytes digest) implements MailboxCommand {}

    /** The command's bytes. */
    default Bytes encode() {
        return CommandCodec.encode(this);
    }

    /** Whether these bytes are what members bring to the one that leads: a delivery, or what one found. */
    static boolean isBrought(Bytes encoded) {
        try {
            MailboxCommand command = CommandCodec.decode(encoded);
            return command instanceof Deliver || command instanceof Found;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Reads a command of this node's own log. */
    static MailboxCommand decode(Bytes encoded) {
        return CommandCodec.decode(encoded);
    }
}
