package dev.latchkey.cloud;

import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.cloud.history.Append;
import dev.latchkey.cloud.history.LogCheck;
import dev.latchkey.cloud.history.Read;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What clients of a cluster asked and were told. Thread-safe. */
final class ClusterRecord {
    static final String CHAINS = "chains";
    static final String MAILBOXES = "mailboxes";

    private final Map<String, Queue<Append<String>>> appends = new ConcurrentHashMap<>();
    private final Map<String, Queue<Read<String>>> reads = new ConcurrentHashMap<>();
    private final Queue<RootSeen> roots = new ConcurrentLinkedQueue<>();
    private final Queue<Checkpoint> checkpoints = new ConcurrentLinkedQueue<>();
    private final Map<String, Queue<long[]>> acknowledged = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    private record RootSeen(Digest root, long begun, long ended) {}

    void append(String log, Append<String> append) {
        appends.computeIfAbsent(log, name -> new ConcurrentLinkedQueue<>()).add(append);
    }

    void read(String log, Read<String> read) {
        reads.computeIfAbsent(log, name -> new ConcurrentLinkedQueue<>()).add(read);
    }

    /** The directory that an answer was given from. */
    void root(Digest root, long begun, long ended) {
        roots.add(new RootSeen(root, begun, ended));
    }

    void checkpoint(Checkpoint seen) {
        checkpoints.add(seen);
    }

    void acknowledged(String group, long begun, long ended) {
        acknowledged
                .computeIfAbsent(group, name -> new ConcurrentLinkedQueue<>())
                .add(new long[] {begun, ended});
    }

    /** When the first write was acknowledged that began after a moment; never, if none was yet. */
    long firstSince(String group, long moment) {
        return acknowledged.getOrDefault(group, new ConcurrentLinkedQueue<>()).stream()
                .filter(write -> write[0] > moment)
                .mapToLong(write -> write[1])
                .min()
                .orElse(Long.MAX_VALUE);
    }

    void fault(String text) {
        faults.add(text);
    }

    /** Everything that does not go together with the end, in words. */
    List<String> faults(ClusterEnd end) {
        List<String> all = new ArrayList<>(faults);
        end.logs()
                .forEach((name, log) -> LogCheck.faults(log, List.copyOf(appends(name)), List.copyOf(reads(name)))
                        .forEach(fault -> all.add(name + ": " + fault)));
        for (Checkpoint seen : checkpoints) {
            if (seen.height() >= end.checkpoints().size()
                    || !end.checkpoints().get((int) seen.height()).equals(seen)) {
                all.add("a fork: " + seen);
            }
        }
        all.addAll(heights(end));
        return all;
    }

    /** The chain as a log of which each answer shows the end: its height never goes back, on whichever node. */
    private List<String> heights(ClusterEnd end) {
        List<Digest> log =
                end.checkpoints().stream().map(Checkpoint::directoryRoot).toList();
        Map<Digest, Integer> places = new HashMap<>();
        log.forEach(root -> places.put(root, places.size()));
        List<String> all = new ArrayList<>();
        List<Read<Digest>> shown = new ArrayList<>();
        for (RootSeen seen : roots) {
            Integer place = places.get(seen.root());
            if (place == null) {
                all.add("a fork: an answer from a directory that never was: " + seen);
            } else {
                shown.add(new Read<>(place, List.of(seen.root()), seen.begun(), seen.ended()));
            }
        }
        List<Append<Digest>> blocks = log.stream()
                .map(root -> new Append<>(root, Append.Outcome.UNKNOWN, Long.MIN_VALUE, 0))
                .toList();
        all.addAll(LogCheck.faults(log, blocks, shown));
        return all;
    }

    private Queue<Append<String>> appends(String log) {
        return appends.getOrDefault(log, new ConcurrentLinkedQueue<>());
    }

    private Queue<Read<String>> reads(String log) {
        return reads.getOrDefault(log, new ConcurrentLinkedQueue<>());
    }

    /** How much it was. */
    String sum() {
        return "appends=" + count(appends) + " ("
                + appends.values().stream()
                        .flatMap(Queue::stream)
                        .filter(one -> one.outcome() == Append.Outcome.UNKNOWN)
                        .count()
                + " unknown) reads=" + count(reads) + " checkpoints=" + checkpoints.size();
    }

    private static <T> long count(Map<String, Queue<T>> all) {
        return all.values().stream().mapToLong(Queue::size).sum();
    }
}
