package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;

/**
 * The cloud's answer to a batch: {@code [acknowledged up to, [* [sequence, code, ? detail]]]}.
 *
 * @param acknowledgedUpTo every message of the epoch up to this sequence is stored, or refused in this answer
 * @param refused messages that the cloud does not take
 */
public record BatchAnswer(long acknowledgedUpTo, List<Refused> refused) {
    /** Longest encoded answer in bytes. */
    public static final int MAX_BYTES = 256 * 1024;

    /** The quota of the only mailboxes that a message was for is used up. */
    public static final String MAILBOX_FULL = "mailbox-full";

    /** The quota of the network that the recipients belong to is used up. */
    public static final String NETWORK_FULL = "network-full";

    private static final int MAX_CODE = 64;
    private static final int MAX_DETAIL = 128;

    /**
     * A message that is not taken, and why.
     *
     * @param detail for people: which bound, and what to do; may be empty
     */
    public record Refused(long sequence, String code, String detail) {
        /** A refusal whose code says it all. */
        public Refused(long sequence, String code) {
            this(sequence, code, "");
        }

        /** Whether the same message may be taken later, under a new sequence: somebody has to make room first. */
        public boolean isForNow() {
            return code.equals(MAILBOX_FULL) || code.equals(NETWORK_FULL);
        }

        private Item item() {
            List<Item> parts = new ArrayList<>(List.of(Cbor.uint(sequence), Cbor.text(code)));
            if (!detail.isEmpty()) {
                parts.add(Cbor.text(detail));
            }
            return Cbor.array(parts);
        }

        private static Refused fromItem(Item item) throws MalformedCborException, MalformedMessageException {
            List<Item> parts = item.asArray(2, 3);
            String detail = parts.size() == 3 ? parts.get(2).asText(MAX_DETAIL) : "";
            if (parts.size() == 3 && detail.isEmpty()) {
                throw new MalformedMessageException("a detail says something");
            }
            return new Refused(parts.get(0).asUint(), parts.get(1).asText(MAX_CODE), detail);
        }
    }

    public BatchAnswer {
        refused = List.copyOf(refused);
    }

    public Bytes encode() {
        List<Item> items = new ArrayList<>();
        for (Refused one : refused) {
            items.add(one.item());
        }
        return Cbor.encode(Cbor.array(Cbor.uint(acknowledgedUpTo), Cbor.array(items)));
    }

    public static BatchAnswer decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(2);
            List<Refused> refused = new ArrayList<>();
            for (Item item : parts.get(1).asArray(0, MessageBatch.MAX_MESSAGES)) {
                refused.add(Refused.fromItem(item));
            }
            return new BatchAnswer(parts.get(0).asUint(), refused);
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not a batch answer", e);
        }
    }
}
