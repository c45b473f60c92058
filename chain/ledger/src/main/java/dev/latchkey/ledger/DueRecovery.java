package dev.latchkey.ledger;

import java.util.Comparator;

/** A recovery by operators that waits, in the order in which they fall due. */
record DueRecovery(long dueMillis, String member) implements Comparable<DueRecovery> {
    private static final Comparator<DueRecovery> ORDER =
            Comparator.comparingLong(DueRecovery::dueMillis).thenComparing(DueRecovery::member);

    @Override
    public int compareTo(DueRecovery other) {
        return ORDER.compare(this, other);
    }
}
