package dev.latchkey.coap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is due at a time of its own, without a timer for each: put in, taken out and found in the logarithm of how many
 * there are. Safe for use by many threads.
 *
 * @param <T> told apart by identity or equality, each is in here once
 */
final class DueTimes<T> {
    private final TreeMap<Moment, T> byMoment = new TreeMap<>(); // guarded by this
    private final Map<T, Moment> moments = new HashMap<>(); // guarded by this
    private long next; // guarded by this

    /** Nanoseconds from the queue's beginning on, so that they may be compared; the number parts equal ones. */
    private record Moment(long nanos, long number) implements Comparable<Moment> {
        @Override
        public int compareTo(Moment other) {
            int order = Long.compare(nanos, other.nanos);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private final long beginning;

    DueTimes(long nowNanos) {
        beginning = nowNanos;
    }

    /** Puts one in; if it is there already, nothing changes. */
    synchronized void add(T what, long dueNanos) {
        if (!moments.containsKey(what)) {
            Moment moment = new Moment(dueNanos - beginning, next++);
            moments.put(what, moment);
            byMoment.put(moment, what);
        }
    }

    synchronized void remove(T what) {
        Moment moment = moments.remove(what);
        if (moment != null) {
            byMoment.remove(moment);
        }
    }

    /** Takes out what is due, the earliest first, but not more than so many. */
    synchronized List<T> takeDue(long nowNanos, int most) {
        List<T> due = new ArrayList<>();
        while (due.size() < most && !byMoment.isEmpty() && byMoment.firstKey().nanos() <= nowNanos - beginning) {
            T what = byMoment.pollFirstEntry().getValue();
            moments.remove(what);
            due.add(what);
        }
        return due;
    }

    synchronized int size() {
        return moments.size();
    }
}
