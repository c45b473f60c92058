package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages on their way from a gateway's outbox to the mailboxes: {@code [epoch, [* bstr ticket], [+ message]]}.
 *
 * @param epoch 8 bytes made with the gateway's store; with gateway and sequence it tells a message from all others
 * @param tickets serve tickets of senders in this batch that the cloud may not know yet
 * @param messages in the order of their sequence
 */
public record MessageBatch(Bytes epoch, List<Bytes> tickets, List<Message> messages) {
    /** Length of a store epoch in bytes. */
    public static final int EPOCH_BYTES = 8;

    /** Most messages of a batch. */
    public static final int MAX_MESSAGES = 1_024;

    /** Longest encoded batch in bytes: one Raft entry must hold it. */
    public static final int MAX_BYTES = 768 * 1024;

    /** Longest message in bytes: an opener for 16 members with a reading in it. */
    public static final int MAX_MESSAGE_BYTES = 4_096;

    /** Most recipients of a message. */
    public static final int MAX_RECIPIENTS = 16;

    /**
     * A recipient in another chain than the sender's.
     *
     * @param chain a sibling of the sender's chain
     * @param name the member's name there
     */
    public record Abroad(ChainId chain, String name) {}

    /**
     * One opener or reading: {@code [sequence, sender, session, height, accepted ms, content format, bstr message, [+
     * recipient]]}, where a recipient is a name or, after all of those, {@code [chain id, name]}.
     *
     * @param sequence place in the gateway's outbox, rising
     * @param sender name of the member that sent it
     * @param session the session id, 32 bytes
     * @param height the gateway's verified height when it accepted the message
     * @param acceptedMillis the gateway's clock then, milliseconds since 1970
     * @param contentFormat 18 for an opener, 16 for a reading
     * @param message the bytes as received
     * @param recipients names of those it is for in the sender's chain
     * @param abroad those it is for in sibling chains
     */
    public record Message(
            long sequence,
            String sender,
            Digest session,
            long height,
            long acceptedMillis,
            int contentFormat,
            Bytes message,
            List<String> recipients,
            List<Abroad> abroad) {
        public Message {
            recipients = List.copyOf(recipients);
            abroad = List.copyOf(abroad);
        }

        /** A message for members of the sender's chain alone. */
        public Message(
                long sequence,
                String sender,
                Digest session,
                long height,
                long acceptedMillis,
                int contentFormat,
                Bytes message,
                List<String> recipients) {
            this(sequence, sender, session, height, acceptedMillis, contentFormat, message, recipients, List.of());
        }

        private Item item() {
            List<Item> names = new ArrayList<>();
            recipients.forEach(name -> names.add(Cbor.text(name)));
            abroad.forEach(one -> names.add(Cbor.array(Cbor.bytes(one.chain().bytes()), Cbor.text(one.name()))));
            return Cbor.array(
                    Cbor.uint(sequence),
                    Cbor.text(sender),
                    Cbor.bytes(session.bytes()),
                    Cbor.uint(height),
                    Cbor.uint(acceptedMillis),
                    Cbor.uint(contentFormat),
                    Cbor.bytes(message),
                    Cbor.array(names));
        }

        private static Message fromItem(Item item) throws MalformedCborException, MalformedMessageException {
            List<Item> parts = item.asArray(8);
            List<String> recipients = new ArrayList<>();
            List<Abroad> abroad = new ArrayList<>();
            for (Item recipient : parts.get(7).asArray(1, MAX_RECIPIENTS)) {
                if (abroad.isEmpty() && recipient.kind() != Item.Kind.ARRAY) {
                    recipients.add(Wire.name(recipient));
                } else {
                    List<Item> place = recipient.asArray(2);
                    abroad.add(new Abroad(
                            new ChainId(Digest.of(place.get(0).asBytes(Digest.SIZE))), Wire.name(place.get(1))));
                }
            }
            return new Message(
                    parts.get(0).asUint(),
                    Wire.name(parts.get(1)),
                    Digest.of(parts.get(2).asBytes(Digest.SIZE)),
                    parts.get(3).asUint(),
                    parts.get(4).asUint(),
                    Wire.messageFormat(parts.get(5)),
                    parts.get(6).asBytes(1, MAX_MESSAGE_BYTES),
                    recipients,
                    abroad);
        }
    }

    public MessageBatch {
        tickets = List.copyOf(tickets);
        messages = List.copyOf(messages);
    }

    public Bytes encode() {
        List<Item> shown = new ArrayList<>();
        tickets.forEach(ticket -> shown.add(Cbor.bytes(ticket)));
        List<Item> items = new ArrayList<>();
        messages.forEach(message -> items.add(message.item()));
        return Cbor.encode(Cbor.array(Cbor.bytes(epoch), Cbor.array(shown), Cbor.array(items)));
    }

    public static MessageBatch decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(3);
            List<Bytes> tickets = new ArrayList<>();
            for (Item ticket : parts.get(1).asArray(0, MAX_MESSAGES)) {
                tickets.add(ticket.asBytes(1, ServeTicket.MAX_BYTES));
            }
            List<Message> messages = new ArrayList<>();
            long last = -1;
            for (Item item : parts.get(2).asArray(1, MAX_MESSAGES)) {
                Message message = Message.fromItem(item);
                if (message.sequence() <= last) {
                    throw new MalformedMessageException("a batch is not in order");
                }
                last = message.sequence();
                messages.add(message);
            }
            return new MessageBatch(parts.get(0).asBytes(EPOCH_BYTES), tickets, messages);
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not a message batch", e);
        }
    }

    /** Longest name in bytes, for those who plan a batch's size. */
    public static int maxOverheadPerMessage() {
        return 96 + (Names.MAX + 2 + Digest.SIZE + 3) * (MAX_RECIPIENTS + 1);
    }
}
