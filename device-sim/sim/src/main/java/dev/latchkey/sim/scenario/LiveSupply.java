package dev.latchkey.sim.scenario;

import dev.latchkey.sim.fleet.Supply;
import dev.latchkey.sim.source.HostSource;
import dev.latchkey.sim.source.Observation;
import dev.latchkey.sim.source.UnusableSourceException;
import java.time.Instant;

/** What this machine measures of itself at the moment that it is asked; safe for use by many threads. */
final class LiveSupply implements Supply {
    private final HostSource host;
    private volatile Observation last;

    private LiveSupply(HostSource host, Observation first) {
        this.host = host;
        this.last = first;
    }

    /** @throws UnusableSourceException if the machine tells nothing of itself */
    static LiveSupply of(HostSource host) throws UnusableSourceException {
        return new LiveSupply(host, host.sample(Instant.now()));
    }

    @Override
    public int size() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Observation take(int number) {
        try {
            last = host.sample(Instant.now());
        } catch (UnusableSourceException e) {
            // Sensors that went away meanwhile: what they said last, with the time that they said it.
            return last;
        }
        return last;
    }
}
