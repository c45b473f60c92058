package dev.latchkey.sim.fleet;

import dev.latchkey.sim.source.Observation;
import java.util.List;

/** Where observations come from; safe for use by many threads. */
public interface Supply {
    /** How many there are before the first comes again; {@link Integer#MAX_VALUE} for what never ends. */
    int size();

    /**
     * The observation for a reading.
     *
     * @param number the reading's, from 0; beyond the size they come again
     */
    Observation take(int number);

    /**
     * A recording.
     *
     * @param observations at least one; must not change
     */
    static Supply of(List<Observation> observations) {
        // Not copied: a recording makes its observations as they are asked for.
        List<Observation> all = observations;
        if (all.isEmpty()) {
            throw new IllegalArgumentException("nothing to send");
        }
        return new Supply() {
            @Override
            public int size() {
                return all.size();
            }

            @Override
            public Observation take(int number) {
                return all.get(number % all.size());
            }
        };
    }
}
