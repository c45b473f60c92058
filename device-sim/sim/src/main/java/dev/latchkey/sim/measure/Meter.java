package dev.latchkey.sim.measure;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Counts and times what a run does, second by second, for as long as it takes: when there are too many seconds, two are
 * merged into one, so that hours take no more memory than one hour. Safe for use by many threads; to tell it something
 * costs a lock and less than a microsecond.
 *
 * <p>Kinds of failures and events are names such as {@code joined} or {@code timeout}, not messages: of each sort only
 * {@value #MAX_KINDS} are told apart, what comes after them counts as {@code other}.
 */
public final class Meter {
    /** The kinds of {@link Phase#goal} beside kinds of events. */
    public static final String SENT = "sent";

    public static final String ACKNOWLEDGED = "acknowledged";
    public static final String OPENED = "opened";

    /** What is counted when there are too many kinds. */
    public static final String OTHER = "other";

    static final int MAX_KINDS = 24;
    static final int MAX_KIND_CHARACTERS = 60;
    static final int MAX_PHASES = 100;
    /** An hour in seconds. */
    static final int MAX_SPANS = 3600;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** To four seconds, or two slices where those are longer: what {@link #recent} looks at. */
    private static final long RECENT_NANOS = 4 * SECOND;

    private final LongSupplier nanoTime;
    private final Supplier<ProcessUse> process;
    private final Instant began;
    private final long beganNanos;

    // All guarded by this.
    private Supplier<WireCounts> wire = () -> WireCounts.NONE;
    private boolean wireMeasured;
    private WireCounts wireSeen = WireCounts.NONE;
    private WireCounts wireRead = WireCounts.NONE;
    /** In the open span, from suppliers of before. */
    private WireCounts wireOpen = WireCounts.NONE;
    /** In the spans that are closed. */
    private WireCounts wireTotal = WireCounts.NONE;

    private final long cpuAtBegin;
    private long cpuSeen;
    private long peakResident;
    private long peakHeap;

    private long width = SECOND;
    private final List<Span> spans = new ArrayList<>();
    private final CoarseSpans coarse = new CoarseSpans(SECOND);
    private long spanStart;
    private long spanSent;
    private final Map<String, Long> spanFailures = new HashMap<>();
    private final Map<String, Histogram> spanDurations = new HashMap<>();

    private long sent;
    private long unconfirmed;
    private long inFlight;
    private final Map<String, Long> failures = new TreeMap<>();
    private final Map<String, Histogram> durations = new TreeMap<>();
    private final List<Phase> phases = new ArrayList<>();
    private long reachedBefore;

    Meter(Clock clock, LongSupplier nanoTime, Supplier<ProcessUse> process) {
        this.nanoTime = nanoTime;
        this.process = process;
        this.began = clock.instant();
        this.beganNanos = nanoTime.getAsLong();
        this.cpuAtBegin = process.get().cpuNanos();
        this.cpuSeen = cpuAtBegin;
    }

    /** Begins now. */
    public static Meter started() {
        return new Meter(Clock.systemUTC(), System::nanoTime, ProcessUse::now);
    }

    /**
     * Tells who counts what passes on the wire: totals since any begin, which only grow. Is asked about once a second, on
     * any thread, and must neither block nor call this meter. Replaces an earlier one.
     */
    public synchronized void wire(Supplier<WireCounts> totals) {
        wireOpen = wireOpen.plus(wire.get().since(wireSeen));
        wire = totals;
        wireSeen = totals.get();
        wireMeasured = true;
    }

    /** A phase without a goal begins, and the one before it ends. */
    public void phase(String name) {
        phase(name, "", 0);
    }

    /**
     * A phase begins, and the one before it ends.
     *
     * @param goal what is counted towards its end: {@link #SENT}, {@link #ACKNOWLEDGED}, {@link #OPENED} or a kind of
     *     event
     * @param target how many there will be; 0 when that is not known
     */
    public synchronized void phase(String name, String goal, long target) {
        long now = advanced();
        // The hundredth lasts to the end.
        if (phases.size() < MAX_PHASES) {
            endPhase(now);
            phases.add(new Phase(bounded(name), now, now, bounded(goal), Math.max(0, target), 0));
            reachedBefore = counted(bounded(goal));
        }
    }

    /** A reading is handed to the device library, which is to say when the gateway has it. */
    public synchronized void sent() {
        advanced();
        sent++;
        spanSent++;
        inFlight++;
    }

    /** A reading is handed to the device library, and no answer is asked for. */
    public synchronized void sentUnconfirmed() {
        advanced();
        sent++;
        unconfirmed++;
        spanSent++;
    }

    /** The gateway has a reading, so long after it was sent. */
    public synchronized void acknowledged(long nanos) {
        advanced();
        inFlight = Math.max(0, inFlight - 1);
        took(ACKNOWLEDGED, nanos);
    }

    /** The recipient opened a reading, so long after it was sent. */
    public synchronized void opened(long nanos) {
        advanced();
        took(OPENED, nanos);
    }

    /** A reading that was {@link #sent} will not be acknowledged. */
    public synchronized void failed(String kind) {
        advanced();
        inFlight = Math.max(0, inFlight - 1);
        count(kind);
    }

    /** Anything else went wrong. */
    public synchronized void fault(String kind) {
        advanced();
        count(kind);
    }

    /** Something else was done, such as {@code joined}, {@code rotated}, {@code reconnected}, and took so long. */
    public synchronized void event(String kind, long nanos) {
        advanced();
        took(known(durations, bounded(kind)), nanos);
    }

    /** All of it, as it is now. */
    public synchronized Timeline timeline() {
        long now = advanced();
        Span.Ending ending = ending();
        List<Slice> slices = new ArrayList<>(spans.size() + 1);
        spans.forEach(span -> slices.add(span.slice()));
        // What passed in no time at all belongs to the next snapshot, so that slices add up to the whole.
        Span.Ending open = now > spanStart ? ending : new Span.Ending(inFlight, WireCounts.NONE, 0, 0, 0);
        Optional<Span> unfinished = now > spanStart ? Optional.of(open(now - spanStart, ending)) : Optional.empty();
        if (unfinished.isPresent()) {
            Span last = unfinished.get();
            boolean tiny = !spans.isEmpty() && now - spanStart < width / 2;
            // A rate over a few milliseconds is no rate.
            if (tiny) {
                last = spans.get(spans.size() - 1).with(last);
                slices.remove(slices.size() - 1);
            }
            slices.add(last.slice());
        }
        List<Phase> seen = new ArrayList<>(phases);
        if (!seen.isEmpty()) {
            seen.set(seen.size() - 1, ended(seen.get(seen.size() - 1), now));
        }
        Map<String, Latency> events = new TreeMap<>();
        durations.forEach((kind, histogram) -> events.put(kind, Latency.of(histogram)));
        Latency acknowledged = events.remove(ACKNOWLEDGED);
        Latency opened = events.remove(OPENED);
        return new Timeline(
                began,
                now,
                width,
                slices,
                coarse.with(unfinished),
                seen,
                sent,
                unconfirmed,
                inFlight,
                acknowledged == null ? Latency.NONE : acknowledged,
                opened == null ? Latency.NONE : opened,
                failures,
                events,
                wireTotal.plus(open.wire()),
                wireMeasured,
                cpuSeen + open.cpuNanos() - cpuAtBegin,
                peakResident,
                peakHeap);
    }

    /** The last few whole slices; nothing before the first one is over. */
    synchronized Recent recent() {
        advanced();
        int first = spans.size();
        long nanos = 0;
        while (first > 0 && nanos < RECENT_NANOS) {
            first--;
            nanos += spans.get(first).slice().widthNanos();
        }
        if (nanos == 0) {
            return Recent.NONE;
        }
        Map<String, Histogram> took = new HashMap<>();
        long started = 0;
        long cpu = 0;
        WireCounts passed = WireCounts.NONE;
        for (Span span : spans.subList(first, spans.size())) {
            span.addTo(took);
            started += span.slice().sent();
            cpu += span.slice().cpuNanos();
            passed = passed.plus(span.slice().wire());
        }
        Latency acknowledging = took.containsKey(ACKNOWLEDGED) ? Latency.of(took.get(ACKNOWLEDGED)) : Latency.NONE;
        Latency opening = took.containsKey(OPENED) ? Latency.of(took.get(OPENED)) : Latency.NONE;
        double seconds = nanos / 1e9;
        return new Recent(
                started / seconds,
                acknowledging.count() / seconds,
                opening.count() / seconds,
                passed.upBytes() / seconds,
                passed.downBytes() / seconds,
                (double) cpu / nanos,
                acknowledging,
                opening);
    }

    private void took(String kind, long nanos) {
        long bounded = PackedDurations.bounded(nanos);
        durations.computeIfAbsent(kind, any -> PackedDurations.empty()).recordValue(bounded);
        spanDurations.computeIfAbsent(kind, any -> PackedDurations.empty()).recordValue(bounded);
    }

    private void count(String kind) {
        String known = known(failures, bounded(kind));
        failures.merge(known, 1L, Long::sum);
        spanFailures.merge(known, 1L, Long::sum);
    }

    private static String known(Map<String, ?> kinds, String kind) {
        return kinds.containsKey(kind) || kinds.size() < MAX_KINDS ? kind : OTHER;
    }

    /** Names come from error texts too; they stay on one line and short. */
    private static String bounded(String name) {
        String line = name.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\s]+", " ").strip();
        return line.length() <= MAX_KIND_CHARACTERS ? line : line.substring(0, MAX_KIND_CHARACTERS - 3) + "...";
    }

    private long counted(String goal) {
        if (goal.equals(SENT)) {
            return sent;
        }
        Histogram histogram = durations.get(goal);
        return histogram == null ? 0 : histogram.getTotalCount();
    }

    private void endPhase(long now) {
        if (!phases.isEmpty()) {
            int last = phases.size() - 1;
            phases.set(last, ended(phases.get(last), now));
        }
    }

    private Phase ended(Phase phase, long now) {
        return new Phase(
                phase.name(),
                phase.startNanos(),
                now,
                phase.goal(),
                phase.target(),
                counted(phase.goal()) - reachedBefore);
    }

    private long now() {
        return Math.max(spanStart, nanoTime.getAsLong() - beganNanos);
    }

    /** Closes the spans that are over, and returns the time since the begin. */
    private long advanced() {
        long now = now();
        while (now >= spanStart + width) {
            closeSpan();
        }
        return now;
    }

    private void closeSpan() {
        // After a pause of the whole machine many are closed at once; those after the first find that nothing passed.
        Span.Ending ending = ending();
        Span closed = open(width, ending);
        spans.add(closed);
        coarse.add(closed);
        wireSeen = wireRead;
        wireOpen = WireCounts.NONE;
        wireTotal = wireTotal.plus(ending.wire());
        cpuSeen += ending.cpuNanos();
        spanStart += width;
        spanSent = 0;
        spanFailures.clear();
        spanDurations.values().forEach(Histogram::reset);
        if (spans.size() == MAX_SPANS) {
            Span.mergePairs(spans);
            width *= 2;
        }
    }

    private Span open(long nanos, Span.Ending ending) {
        return Span.of(spanStart, nanos, spanSent, spanFailures, spanDurations, ending);
    }

    /** What the open span would end with now. */
    private Span.Ending ending() {
        ProcessUse use = process.get();
        wireRead = wire.get();
        peakResident = Math.max(peakResident, Math.max(use.residentBytes(), use.peakResidentBytes()));
        peakHeap = Math.max(peakHeap, use.heapBytes());
        return new Span.Ending(
                inFlight,
                wireOpen.plus(wireRead.since(wireSeen)),
                Math.max(0, use.cpuNanos() - cpuSeen),
                use.residentBytes(),
                use.heapBytes());
    }
}
