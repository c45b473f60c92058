package dev.latchkey.sim.measure;

import java.util.List;

/**
 * Whether a run did what it was to do. Immutable.
 *
 * @param reasons what was not as it should be; of a run that passed, what it kept to, or nothing
 */
public record Outcome(boolean passed, List<String> reasons) {
    public Outcome {
        reasons = List.copyOf(reasons);
    }

    public static Outcome passed(String... reasons) {
        return new Outcome(true, List.of(reasons));
    }

    public static Outcome failed(List<String> reasons) {
        return new Outcome(false, reasons);
    }
}
