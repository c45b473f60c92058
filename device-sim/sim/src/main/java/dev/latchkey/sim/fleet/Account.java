package dev.latchkey.sim.fleet;

import dev.latchkey.bytes.Digest;
import dev.latchkey.device.Acknowledged;
import dev.latchkey.device.Received;
import dev.latchkey.envelope.SenderUrn;
import dev.latchkey.sim.measure.Meter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What became of every reading: sent, acknowledged or refused, opened, equal to its source. Safe for use by many
 * threads. A reading is named by sender, session and Partial IV, which the sender learns with the acknowledgement and
 * the recipient with the opening, in whatever order. What is fulfilled is forgotten, but for its number.
 */
public final class Account {
    /** Of faults that are kept to be shown; all of them are counted. */
    private static final int MAX_SHOWN = 20;

    private record Session(String sender, Digest id) {}

    private record Key(Session session, int partialIv) {}

    /** An opening whose acknowledgement the sender has not seen yet. */
    private record Arrival(String recipient, Received pack, long nanos) {}

    private static final class Fate {
        private final Reading reading;
        private final long sentNanos;
        private Optional<String> fault = Optional.empty();

        Fate(Reading reading, long sentNanos) {
            this.reading = reading;
            this.sentNanos = sentNanos;
        }
    }

    private final Meter meter;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private final Map<Integer, Fate> underWay = new TreeMap<>();
    private final Map<Integer, Fate> faulty = new TreeMap<>();
    private final Map<Key, Fate> unopened = new HashMap<>();
    private final Map<Key, Arrival> unacknowledged = new HashMap<>();
    private final Map<Session, BitSet> seen = new HashMap<>();
    private final Map<String, Integer> pendingFor = new HashMap<>();
    private final Map<String, List<CompletableFuture<Void>>> drained = new HashMap<>();
    private final Map<String, Long> refusals = new TreeMap<>();
    private final Map<String, Long> expectedRefusals = new TreeMap<>();
    private final List<String> strangers = new ArrayList<>();
    private final List<String> breaks = new ArrayList<>();
    private int strangerCount;
    private int planned;
    private int sentOfPlan;
    private int sent;
    private int acknowledged;
    private int opened;
    private int equal;
    private boolean sendingOver;
    private Set<String> unheard = new HashSet<>();
    private Consumer<String> onHeard = sender -> {};
    private CompletableFuture<Void> heard = new CompletableFuture<>();
    private final CompletableFuture<Void> allOpened = new CompletableFuture<>();

    private volatile Runnable onFirstOpening = () -> {};

    /**
     * @param planned the readings numbered below this have to be sent
     * @param meter told of everything
     */
    public Account(int planned, Meter meter, LongSupplier nanoTime) {
        this.planned = planned;
        this.meter = meter;
        this.nanoTime = nanoTime;
    }

    /** The sender hands the reading to its device library now. */
    public synchronized void sending(Reading reading) {
        underWay.put(reading.number(), new Fate(reading, nanoTime.getAsLong()));
        pendingFor.merge(reading.recipient(), 1, Integer::sum);
        sent++;
        meter.sent();
        sentOfPlan += reading.number() < planned ? 1 : 0;
    }

    /** The gateway said 2.04: it is on disk there. */
    public void acknowledged(Reading reading, Acknowledged by) {
        List<CompletableFuture<Void>> done;
        boolean opening;
        synchronized (this) {
            Fate fate = underWay.remove(reading.number());
            acknowledged++;
            meter.acknowledged(nanoTime.getAsLong() - fate.sentNanos);
            heardFrom(reading.sender());
            if (!reading.arrives()) {
                fault(fate, "was acknowledged, although it was to be refused");
            }
            Key key = new Key(new Session(reading.sender(), by.session()), by.partialIv());
            Arrival arrival = unacknowledged.remove(key);
            opening = arrival != null;
            if (opening) {
                open(fate, arrival);
            } else {
                unopened.put(key, fate);
            }
            done = opening ? decided(reading) : List.of();
        }
        told(opening, done);
    }

    /**
     * The reading could not be sent.
     *
     * @param kind a fixed word by which refusals are counted
     * @param why for people
     */
    public void refused(Reading reading, String kind, String why) {
        List<CompletableFuture<Void>> done;
        synchronized (this) {
            Fate fate = underWay.remove(reading.number());
            (reading.arrives() ? refusals : expectedRefusals).merge(kind, 1L, Long::sum);
            meter.failed(reading.arrives() ? kind : kind + " (expected)");
            if (reading.arrives()) {
                fault(fate, "could not be sent: " + why);
            }
            done = decided(reading);
        }
        told(false, done);
    }

    /** A member opened something. */
    public void opened(String recipient, Received pack) {
        if (pack.partialIv().isEmpty()) {
            stranger("a pack inside an opener, from " + pack.sender() + " to " + recipient);
            return;
        }
        List<CompletableFuture<Void>> done;
        boolean opening;
        synchronized (this) {
            Key key = new Key(
                    new Session(pack.sender(), pack.session()), pack.partialIv().getAsInt());
            BitSet ofSession = seen.computeIfAbsent(key.session(), session -> new BitSet());
            if (ofSession.get(key.partialIv())) {
                stranger("number " + key.partialIv() + " of a session from " + pack.sender()
                        + " arrived twice, the last time at " + recipient);
                return;
            }
            ofSession.set(key.partialIv());
            Arrival arrival = new Arrival(recipient, pack, nanoTime.getAsLong());
            Fate fate = unopened.remove(key);
            opening = fate != null;
            if (opening) {
                open(fate, arrival);
            } else {
                unacknowledged.put(key, arrival);
            }
            done = opening ? decided(fate.reading) : List.of();
        }
        told(opening, done);
    }

    private void open(Fate fate, Arrival arrival) {
        meter.opened(arrival.nanos() - fate.sentNanos);
        opened++;
        Optional<String> wrong = difference(fate.reading, arrival);
        wrong.ifPresentOrElse(what -> fault(fate, what), () -> equal++);
    }

    private static Optional<String> difference(Reading reading, Arrival arrival) {
        if (!arrival.recipient().equals(reading.recipient())) {
            return Optional.of("was opened by " + arrival.recipient());
        }
        Received pack = arrival.pack();
        return reading.observation()
                .difference(
                        SenderUrn.of(pack.chainName(), pack.sender()),
                        pack.contents().measurements());
    }

    private void fault(Fate fate, String what) {
        if (fate.fault.isEmpty()) {
            fate.fault = Optional.of(what);
        }
        faulty.put(fate.reading.number(), fate);
    }

    /** Opened or refused: nothing more is waited for. */
    private List<CompletableFuture<Void>> decided(Reading reading) {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        if (pendingFor.merge(reading.recipient(), -1, Integer::sum) == 0) {
            pendingFor.remove(reading.recipient());
            done.addAll(drained.getOrDefault(reading.recipient(), List.of()));
            drained.remove(reading.recipient());
        }
        if (sendingOver && pendingFor.isEmpty()) {
            done.add(allOpened);
        }
        return done;
    }

    private void told(boolean opening, List<CompletableFuture<Void>> done) {
        if (opening) {
            onFirstOpening.run();
        }
        done.forEach(future -> future.complete(null));
    }

    /** Something arrived that could not be opened, or twice, or was no reading. */
    public synchronized void stranger(String what) {
        strangerCount++;
        meter.fault("not opened, or twice, or of nobody");
        if (strangers.size() < MAX_SHOWN) {
            strangers.add(what);
        }
    }

    /** The run was cut short. */
    public synchronized void broken(String why) {
        breaks.add("the run was cut short: " + why);
    }

    /** To be run after each reading that is opened and known, on the thread that told so. */
    public void whenOpened(Runnable action) {
        onFirstOpening = action;
    }

    /**
     * Completes when each of these has had a reading acknowledged from now on.
     *
     * @param first told of each when it has
     */
    public synchronized CompletableFuture<Void> heardFromEach(Set<String> senders, Consumer<String> first) {
        unheard = new HashSet<>(senders);
        onHeard = first;
        heard = new CompletableFuture<>();
        return heard;
    }

    private void heardFrom(String sender) {
        if (unheard.remove(sender)) {
            onHeard.accept(sender);
            if (unheard.isEmpty()) {
                heard.completeAsync(() -> null);
            }
        }
    }

    /** Completes when nothing that was sent to this member is under way: all is opened, or refused. */
    public synchronized CompletableFuture<Void> drained(String recipient) {
        if (!pendingFor.containsKey(recipient)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> future = new CompletableFuture<>();
        drained.computeIfAbsent(recipient, none -> new ArrayList<>()).add(future);
        return future;
    }

    /**
     * Nothing more will be sent.
     *
     * @return completes when every acknowledged reading has been opened by somebody
     */
    public CompletableFuture<Void> sendingOver() {
        boolean all;
        synchronized (this) {
            sendingOver = true;
            all = pendingFor.isEmpty();
        }
        if (all) {
            allOpened.complete(null);
        }
        return allOpened;
    }

    public synchronized int planned() {
        return planned;
    }

    public synchronized int sent() {
        return sent;
    }

    public synchronized int acknowledged() {
        return acknowledged;
    }

    /** Opened, of those that were acknowledged. */
    public synchronized int opened() {
        return opened;
    }

    /** Opened by the right member, with every value, unit, name and time as in the source. */
    public synchronized int equal() {
        return equal;
    }

    /** How many readings could not be sent, by kind; without those that were to be refused. */
    public synchronized Map<String, Long> refusals() {
        return new TreeMap<>(refusals);
    }

    /** How many readings were refused as they were to be, by kind. */
    public synchronized Map<String, Long> expectedRefusals() {
        return new TreeMap<>(expectedRefusals);
    }

    /**
     * Whether every planned reading was sent, every one that was sent was acknowledged, opened exactly once and equals its
     * source or was refused as expected, and nothing else came.
     */
    public synchronized boolean isFulfilled() {
        return faults().isEmpty();
    }

    /** Which readings did not make it and why, for people; the first twenty, then how many more. */
    public synchronized List<String> faults() {
        Map<Integer, String> ofReadings = new TreeMap<>();
        Set<Key> explained = new HashSet<>();
        unopened.values()
                .forEach(fate ->
                        ofReadings.put(fate.reading.number(), fate.reading + " was acknowledged and never opened"));
        underWay.values()
                .forEach(fate ->
                        ofReadings.put(fate.reading.number(), fate.reading + " was neither acknowledged nor opened"));
        for (Fate fate : faulty.values()) {
            String arrived = arrivedAllTheSame(fate.reading, explained) ? " (it arrived all the same)" : "";
            ofReadings.put(fate.reading.number(), fate.reading + " " + fate.fault.orElse("") + arrived);
        }
        List<String> all = new ArrayList<>(breaks);
        all.addAll(strangers);
        int more = strangerCount - strangers.size();
        for (Map.Entry<Key, Arrival> entry : unacknowledged.entrySet()) {
            if (!explained.contains(entry.getKey())) {
                all.add("a reading that nobody sent, from "
                        + entry.getValue().pack().sender() + " to "
                        + entry.getValue().recipient());
            }
        }
        all.addAll(ofReadings.values());
        more += Math.max(0, all.size() - MAX_SHOWN);
        List<String> shown = new ArrayList<>(all.subList(0, Math.min(MAX_SHOWN, all.size())));
        if (more > 0) {
            shown.add("and " + more + " more");
        }
        if (sentOfPlan < planned) {
            shown.add((planned - sentOfPlan) + " of " + planned + " readings were not sent");
        }
        return shown;
    }

    /** Only its acknowledgement was lost: then an opening nobody claims has its contents. */
    private boolean arrivedAllTheSame(Reading reading, Set<Key> explained) {
        Iterator<Map.Entry<Key, Arrival>> arrivals = unacknowledged.entrySet().iterator();
        while (arrivals.hasNext()) {
            Map.Entry<Key, Arrival> next = arrivals.next();
            boolean same = next.getKey().session().sender().equals(reading.sender())
                    && difference(reading, next.getValue()).isEmpty();
            if (same && explained.add(next.getKey())) {
                return true;
            }
        }
        return false;
    }
}
