package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * In a sender's own inbox: readings that its gateway acknowledged did not reach one of their recipients, and will not: {@code
 * [code, reason, [* [first, last]]]}, ascending ranges of their Partial IVs. The entry that carries it has Content-Format 60,
 * names that recipient in the sender's place, and the session. Without a range it was the opener alone.
 *
 * @param code what happened, {@link #PROVISIONAL_REFUSED}
 * @param reason the code with which the chain refused the recipient's join
 * @param ranges which readings of the session
 */
public record ReturnedNotice(String code, String reason, List<Range> ranges) {
    /** The recipient was a provisional member, and its join was refused. */
    public static final String PROVISIONAL_REFUSED = "provisional-refused";

    /** Most ranges of one notice. */
    public static final int MAX_RANGES = 256;

    private static final int MAX_BYTES = MessageBatch.MAX_MESSAGE_BYTES;
    private static final int MAX_CODE = 64;
    private static final int MAX_PARTIAL_IV = 65_535;

    /** Readings with the Partial IVs from one to another, both included. */
    public record Range(int first, int last) {
        public Range {
            if (first < 0 || last < first || last > MAX_PARTIAL_IV) {
                throw new IllegalArgumentException("not a range of Partial IVs");
            }
        }
    }

    public ReturnedNotice {
        ranges = List.copyOf(ranges);
        if (code.isEmpty() || code.length() > MAX_CODE || reason.length() > MAX_CODE || ranges.size() > MAX_RANGES) {
            throw new IllegalArgumentException("not a notice");
        }
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).first() <= ranges.get(i - 1).last() + 1) {
                throw new IllegalArgumentException("ranges ascend, with a gap between each two");
            }
        }
    }

    /** As many notices as these Partial IVs need; one without a range if there are none. */
    public static List<ReturnedNotice> of(String code, String reason, SortedSet<Integer> partialIvs) {
        List<Range> ranges = new ArrayList<>();
        for (int next : partialIvs) {
            int newest = ranges.size() - 1;
            if (newest >= 0 && ranges.get(newest).last() + 1 == next) {
                ranges.set(newest, new Range(ranges.get(newest).first(), next));
            } else {
                ranges.add(new Range(next, next));
            }
        }
        List<ReturnedNotice> notices = new ArrayList<>();
        for (int from = 0; from == 0 || from < ranges.size(); from += MAX_RANGES) {
            notices.add(
                    new ReturnedNotice(code, reason, ranges.subList(from, Math.min(ranges.size(), from + MAX_RANGES))));
        }
        return notices;
    }

    public Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(code),
                Cbor.text(reason),
                Cbor.array(ranges.stream()
                        .map(range -> Cbor.array(Cbor.uint(range.first()), Cbor.uint(range.last())))
                        .toList())));
    }

    public static ReturnedNotice decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(3);
            List<Range> ranges = new ArrayList<>();
            for (Item range : parts.get(2).asArray(0, MAX_RANGES)) {
                List<Item> ends = range.asArray(2);
                ranges.add(new Range(
                        ends.get(0).asUint(MAX_PARTIAL_IV), ends.get(1).asUint(MAX_PARTIAL_IV)));
            }
            return new ReturnedNotice(
                    parts.get(0).asText(MAX_CODE), parts.get(1).asText(MAX_CODE), ranges);
        } catch (MalformedCborException | IllegalArgumentException e) {
            throw new MalformedMessageException("not a notice of what was returned", e);
        }
    }
}
