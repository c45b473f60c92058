package dev.latchkey.cloud;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The machine's clock, off by what a test says. Thread-safe. */
final class OffClock extends Clock {
    private volatile Duration off = Duration.ZERO;

    void set(Duration ahead) {
        off = ahead;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(off);
    }
}
