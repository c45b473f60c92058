package dev.latchkey.sim.fleet;

import dev.latchkey.sim.source.Pace;
import dev.latchkey.sim.source.Source;
import java.time.Duration;
import java.time.Instant;

/** When readings are due; a pure function. */
@FunctionalInterface
public interface Tempo {
    /** As fast as the gate lets them. */
    Tempo AT_ONCE = number -> 0;

    /** Nanoseconds after sending began. */
    long dueNanos(int number);

    /** A recording at a pace; when it comes again it goes on as if its last row were the first of the next time. */
    static Tempo of(Pace pace, Source source) {
        int size = source.observations().size();
        Instant first = source.observations().get(0).at();
        Duration whole =
                Duration.between(first, source.observations().get(size - 1).at());
        return number -> {
            Instant at = source.observations().get(number % size).at();
            Duration recorded = whole.multipliedBy(number / size).plus(Duration.between(first, at));
            return pace.due(number, recorded).toNanos();
        };
    }

    /** What has no times of its own: at a pace that needs none. */
    static Tempo of(Pace pace) {
        return number -> pace.due(number, Duration.ofSeconds(number)).toNanos();
    }
}
