package dev.latchkey.gateway.uplink;

import java.time.Clock;
import java.util.Optional;

/** Whether the cloud can be reached, as the block stream sees it; safe for use by many threads. */
public final class LinkStatus {
    private final Clock clock;
    private volatile boolean up;
    private volatile long sinceMillis;
    private volatile Optional<String> lastProblem = Optional.empty();

    public LinkStatus(Clock clock) {
        this.clock = clock;
        this.sinceMillis = clock.millis();
    }

    public boolean isUp() {
        return up;
    }

    /** When it last went up or down, milliseconds since 1970. */
    public long sinceMillis() {
        return sinceMillis;
    }

    /** Why it is down; empty while it is up. */
    public Optional<String> lastProblem() {
        return lastProblem;
    }

    void up() {
        if (!up) {
            sinceMillis = clock.millis();
            up = true;
            lastProblem = Optional.empty();
        }
    }

    void down(String problem) {
        lastProblem = Optional.of(problem);
        if (up) {
            sinceMillis = clock.millis();
            up = false;
        }
    }
}
