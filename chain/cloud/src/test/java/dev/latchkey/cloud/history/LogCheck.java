package dev.latchkey.cloud.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a history of appends and reads is linearizable, given the log as it is in the end. Stateless.
 *
 * <p>The log's entries tell the order of the appends, and a read's length its place among them, so nothing has to be
 * searched: there is an order of all operations that explains the answers if and only if each read shows the log's own
 * beginning, the log holds what was acknowledged and nothing that was refused, and no operation ended before another one
 * began that stands before it. Reads of one length may stand in any order. A register whose versions are counted is such
 * a log too: entry {@code n} is the value of version {@code n + 1}, and a read shows the last one.
 */
public final class LogCheck {
    private LogCheck() {}

    /** An operation at its place: 2n + 1 for entry n, 2n for a read of n entries. */
    private record Placed(long place, long begun, long ended, Object what) {}

    /** Everything that is wrong, in words; nothing if the history is linearizable. */
    public static <E> List<String> faults(
            List<E> log, Collection<Append<E>> appends, Collection<? extends Read<E>> reads) {
        List<String> faults = new ArrayList<>();
        List<Placed> placed = new ArrayList<>();
        Map<E, Long> places = places(log, faults);
        Set<E> wished = new HashSet<>();
        for (Append<E> append : appends) {
            Long place = places.get(append.entry());
            if (!wished.add(append.entry())) {
                faults.add("two appends of one entry: " + append);
            } else if (place == null && append.outcome() == Append.Outcome.ACKNOWLEDGED) {
                faults.add("acknowledged and lost: " + append);
            } else if (place != null && append.outcome() == Append.Outcome.REFUSED) {
                faults.add("refused and there: " + append);
            } else if (place != null) {
                placed.add(new Placed(2 * place + 1, append.begun(), append.latest(), append));
            }
        }
        places.keySet().stream()
                .filter(entry -> !wished.contains(entry))
                .forEach(entry -> faults.add("nobody appended: " + entry));
        for (Read<E> read : reads) {
            if (read.length() > log.size()
                    || !log.subList((int) read.from(), (int) read.length()).equals(read.entries())) {
                faults.add("not what the log says: " + read);
            } else {
                placed.add(new Placed(2 * read.length(), read.begun(), read.ended(), read));
            }
        }
        outOfOrder(placed, faults);
        return faults;
    }

    private static <E> Map<E, Long> places(List<E> log, List<String> faults) {
        Map<E, Long> places = new HashMap<>();
        for (E entry : log) {
            Long before = places.put(entry, (long) places.size());
            if (before != null) {
                faults.add("twice in the log: " + entry);
            }
        }
        return places;
    }

    /** From the last place to the first: whoever ended earliest behind a place must not have ended before it began. */
    private static void outOfOrder(List<Placed> placed, List<String> faults) {
        placed.sort(Comparator.comparingLong(Placed::place).reversed());
        Placed earliest = null;
        int at = 0;
        while (at < placed.size()) {
            int next = at;
            while (next < placed.size()
                    && placed.get(next).place() == placed.get(at).place()) {
                Placed one = placed.get(next++);
                if (earliest != null && earliest.ended() < one.begun()) {
                    faults.add("back in time: " + one.what() + " after " + earliest.what());
                }
            }
            for (Placed one : placed.subList(at, next)) {
                if (earliest == null || one.ended() < earliest.ended()) {
                    earliest = one;
                }
            }
            at = next;
        }
    }
}
