package dev.latchkey.sim.measure;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so, and a process that uses half a processor and a little memory. */
final class TestTime {
    static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");
    private final AtomicLong nanos = new AtomicLong(77);
    private long residentBytes = 100_000_000;

    Meter meter() {
        return new Meter(Clock.fixed(BEGIN, ZoneOffset.UTC), nanos::get, this::process);
    }

    void passes(double seconds) {
        nanos.addAndGet((long) (seconds * 1e9));
    }

    void occupies(long bytes) {
        residentBytes = bytes;
    }

    private ProcessUse process() {
        return new ProcessUse(nanos.get() / 2, residentBytes, residentBytes, residentBytes / 2);
    }
}
