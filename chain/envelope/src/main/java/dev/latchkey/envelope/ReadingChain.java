package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The hash chain over readings of one sender: X_0 is the session id, X_(i+1) = SHA-256(X_i ‖ SHA-256(message i)), in the
 * order of the Partial IVs. Stateless.
 */
final class ReadingChain {
    private ReadingChain() {}

    /** What the chain takes of one reading. */
    static Digest link(Bytes message) {
        return Digest.sha256(message);
    }

    /** The end of the chain. */
    static Digest end(Digest sessionId, SortedMap<Integer, Digest> links) {
        Digest end = sessionId;
        for (Digest link : links.values()) {
            end = Digest.sha256(Bytes.concat(end.bytes(), link.bytes()));
        }
        return end;
    }

    /** The numbers as ascending ranges with gaps between them. */
    static List<PartialIvRange> ranges(Iterable<Integer> ascending) {
        List<PartialIvRange> ranges = new ArrayList<>();
        int first = -1;
        int last = -1;
        for (int partialIv : ascending) {
            if (first < 0) {
                first = partialIv;
            } else if (partialIv != last + 1) {
                ranges.add(new PartialIvRange(first, last));
                first = partialIv;
            }
            last = partialIv;
        }
        if (first >= 0) {
            ranges.add(new PartialIvRange(first, last));
        }
        return ranges;
    }

    /** The links of these ranges, or fewer where some are not held. */
    static SortedMap<Integer, Digest> held(TreeMap<Integer, Digest> links, List<PartialIvRange> ranges) {
        SortedMap<Integer, Digest> held = new TreeMap<>();
        for (PartialIvRange range : ranges) {
            held.putAll(links.subMap(range.first(), true, range.last(), true));
        }
        return held;
    }
}
