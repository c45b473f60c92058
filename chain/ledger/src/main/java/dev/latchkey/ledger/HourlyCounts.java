package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.directory.PackedMap;
import dev.latchkey.directory.Words;

/**
 * How many transactions of its own each member has made in one hour of header time. Immutable. Header time never falls, so
 * the counts of an hour are forgotten with the first transaction of a later one: there are never more than that hour's
 * members.
 *
 * @param hour whole hours since 1970
 * @param counts member id to count
 */
record HourlyCounts(long hour, PackedMap<Void> counts) {
    static final int ID_WORDS = 2;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final PackedMap<Void> NOBODY = PackedMap.empty(ID_WORDS, 1);

    static final HourlyCounts NONE = new HourlyCounts(0, NOBODY);

    /** The count of a member in the hour of a header time. */
    long of(Bytes memberId, long timeMillis) {
        return timeMillis / HOUR_MILLIS == hour
                ? counts.value(Words.of(memberId)).map(value -> value[0]).orElse(0L)
                : 0;
    }

    /** These counts with stored ones, rows of two words of id and a count. */
    HourlyCounts restored(long storedHour, long[] rows) {
        return new HourlyCounts(storedHour, counts.putAll(rows, new Object[0]));
    }

    HourlyCounts plusOne(Bytes memberId, long timeMillis) {
        long[] id = Words.of(memberId);
        PackedMap<Void> before = timeMillis / HOUR_MILLIS == hour ? counts : NOBODY;
        return new HourlyCounts(timeMillis / HOUR_MILLIS, before.put(id[0], id[1], of(memberId, timeMillis) + 1));
    }
}
