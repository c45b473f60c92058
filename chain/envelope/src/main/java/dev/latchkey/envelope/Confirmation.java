package dev.latchkey.envelope;

import java.util.List;

/**
 * How a sender's digest and what arrived of its readings stand to each other.
 *
 * @param ranges the readings that the digest lists
 * @param verdict what came of it
 * @param missing those of them that have not arrived, in order
 */
public record Confirmation(List<PartialIvRange> ranges, Verdict verdict, List<Integer> missing) {
    /** What came of a digest. */
    public enum Verdict {
        /** Every reading arrived, and in a session of several recipients they are the ones the sender signed for. */
        CONFIRMED,
        /** A gateway acknowledged readings that have not arrived. It is settled when they do. */
        MISSING,
        /** Every reading arrived; whether they are the ones signed for cannot be told any more. */
        UNCHECKED,
        /** Every reading arrived, but the sender did not sign for them: another member of the session sealed some. */
        DISPUTED
    }

    public Confirmation {
        ranges = List.copyOf(ranges);
        missing = List.copyOf(missing);
    }
}
