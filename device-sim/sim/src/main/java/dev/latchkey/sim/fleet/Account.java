package dev.latchkey.sim.fleet;

import dev.latchkey.envelope.SenderUrn;
import dev.latchkey.senml.Measurement;
import dev.latchkey.sim.weather.WeatherPack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * What became of every reading of a plan: sent, acknowledged, opened, equal to its source. Safe for use by many threads.
 * Only what a recipient itself reports counts as opened.
 */
public final class Account {
    /** Of faults that are kept to be shown; all of them are counted. */
    private static final int MAX_SHOWN = 20;

    private record Name(String sender, Instant time) {}

    private static final class Fate {
        private final Reading reading;
        private long sentNanos;
        private boolean sent;
        private boolean acknowledged;
        private int opened;
        private Optional<String> fault = Optional.empty();

        Fate(Reading reading) {
            this.reading = reading;
        }

        boolean fulfilled() {
            return sent && acknowledged && opened == 1 && fault.isEmpty();
        }
    }

    private final String chainName;
    private final LongSupplier nanoTime;
    private final Latencies latencies = new Latencies();
    private final CompletableFuture<Void> allOpened = new CompletableFuture<>();
    private final List<Fate> fates = new ArrayList<>();
    private final Map<Name, Fate> byName = new HashMap<>();

    // Guarded by this, like the fates.
    private int sent;
    private int acknowledged;
    private int opened;
    private int equal;
    private final List<String> strangers = new ArrayList<>();
    private int strangerCount;
    private volatile Runnable onFirstOpening = () -> {};

    /** @param chainName the sub-network's name, which is part of the name of every measurement */
    public Account(Plan plan, String chainName, LongSupplier nanoTime) {
        this.chainName = chainName;
        this.nanoTime = nanoTime;
        for (Reading reading : plan.readings()) {
            Fate fate = new Fate(reading);
            fates.add(fate);
            byName.put(new Name(reading.sender(), reading.day().time()), fate);
        }
    }

    /** The sender hands the reading to its device library now. */
    public synchronized void sending(Reading reading) {
        Fate fate = fates.get(reading.number());
        if (!fate.sent) {
            fate.sent = true;
            fate.sentNanos = nanoTime.getAsLong();
            sent++;
        }
    }

    /** The gateway said 2.04: it is on disk there. */
    public synchronized void acknowledged(Reading reading) {
        Fate fate = fates.get(reading.number());
        if (!fate.acknowledged) {
            fate.acknowledged = true;
            acknowledged++;
        }
    }

    /** The sender could not send it. */
    public synchronized void failed(Reading reading, String why) {
        fates.get(reading.number()).fault = Optional.of("could not be sent: " + why);
    }

    /** To be run after each reading that is opened for the first time, on the recipient's lane. */
    public void whenOpened(Runnable action) {
        onFirstOpening = action;
    }

    /** A member opened something. */
    public void opened(String recipient, String sender, List<Measurement> arrived) {
        boolean first;
        boolean last;
        synchronized (this) {
            Optional<Fate> known = WeatherPack.time(arrived).map(time -> byName.get(new Name(sender, time)));
            if (known.isEmpty()) {
                stranger("a reading that nobody sent, from " + sender + " to " + recipient);
                return;
            }
            Fate fate = known.get();
            first = fate.opened++ == 0;
            if (first) {
                latencies.add(nanoTime.getAsLong() - fate.sentNanos);
                opened++;
                fate.fault = fault(fate.reading, recipient, arrived);
                equal += fate.fault.isEmpty() ? 1 : 0;
            }
            last = opened == fates.size();
        }
        if (first) {
            onFirstOpening.run();
        }
        if (last) {
            allOpened.complete(null);
        }
    }

    /** Something arrived that could not be opened or was no reading. */
    public synchronized void stranger(String what) {
        strangerCount++;
        if (strangers.size() < MAX_SHOWN) {
            strangers.add(what);
        }
    }

    private Optional<String> fault(Reading reading, String recipient, List<Measurement> arrived) {
        if (!recipient.equals(reading.recipient())) {
            return Optional.of("was opened by " + recipient);
        }
        return WeatherPack.difference(reading.day(), SenderUrn.of(chainName, reading.sender()), arrived);
    }

    /** Completes when every reading of the plan has been opened by somebody. */
    public CompletableFuture<Void> allOpened() {
        return allOpened;
    }

    public synchronized int planned() {
        return fates.size();
    }

    public synchronized int sent() {
        return sent;
    }

    public synchronized int acknowledged() {
        return acknowledged;
    }

    public synchronized int opened() {
        return opened;
    }

    /** Opened by the right member, with every value, unit, name and time as in the source. */
    public synchronized int equal() {
        return equal;
    }

    /** From the call that sends to the moment the recipient has the values. */
    public Latencies latencies() {
        return latencies;
    }

    /** Whether every reading was sent, acknowledged, opened exactly once and equals its source, and nothing else came. */
    public synchronized boolean isFulfilled() {
        return strangerCount == 0 && fates.stream().allMatch(Fate::fulfilled);
    }

    /** Which readings did not make it and why, for people; the first twenty, then how many more. */
    public synchronized List<String> faults() {
        List<String> faults = new ArrayList<>(strangers);
        int more = strangerCount - strangers.size();
        for (Fate fate : fates) {
            if (!fate.sent || fate.fulfilled()) {
                continue;
            }
            if (faults.size() < MAX_SHOWN) {
                faults.add(fate.reading + " " + explained(fate));
            } else {
                more++;
            }
        }
        if (more > 0) {
            faults.add("and " + more + " more");
        }
        if (sent < fates.size()) {
            faults.add((fates.size() - sent) + " of " + fates.size() + " readings were not sent");
        }
        return faults;
    }

    private static String explained(Fate fate) {
        if (fate.fault.isPresent()) {
            return fate.fault.get();
        }
        if (fate.opened > 1) {
            return "arrived " + fate.opened + " times";
        }
        if (fate.opened == 0) {
            return fate.acknowledged ? "was acknowledged and never opened" : "was neither acknowledged nor opened";
        }
        return "was opened and never acknowledged";
    }
}
