package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;

/**
 * The cloud's answer to a batch: {@code [acknowledged up to, [* [sequence, code]]]}.
 *
 * @param acknowledgedUpTo every message of the epoch up to this sequence is stored, or refused in this answer
 * @param refused messages that the cloud will never take
 */
public record BatchAnswer(long acknowledgedUpTo, List<Refused> refused) {
    /** Longest encoded answer in bytes. */
    public static final int MAX_BYTES = 128 * 1024;

    /** A message that will never be taken, and why. */
    public record Refused(long sequence, String code) {}

    public BatchAnswer {
        refused = List.copyOf(refused);
    }

    public Bytes encode() {
        List<Item> items = new ArrayList<>();
        for (Refused one : refused) {
            items.add(Cbor.array(Cbor.uint(one.sequence()), Cbor.text(one.code())));
        }
        return Cbor.encode(Cbor.array(Cbor.uint(acknowledgedUpTo), Cbor.array(items)));
    }

    public static BatchAnswer decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(2);
            List<Refused> refused = new ArrayList<>();
            for (Item item : parts.get(1).asArray(0, MessageBatch.MAX_MESSAGES)) {
                List<Item> fields = item.asArray(2);
                refused.add(new Refused(fields.get(0).asUint(), fields.get(1).asText(64)));
            }
            return new BatchAnswer(parts.get(0).asUint(), refused);
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not a batch answer", e);
        }
    }
}
