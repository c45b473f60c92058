package dev.latchkey.sim.measure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A run that is over: all that its reports say. Immutable.
 *
 * @param scenario its name, such as {@code lossy}
 * @param seed what chance was drawn from, if it was from a seed
 * @param settings options of the run and their values, in order
 * @param findings what the scenario itself found out, in order, such as how many readings equalled their source
 */
public record Run(
        String scenario,
        OptionalLong seed,
        Map<String, String> settings,
        Map<String, String> findings,
        Machine machine,
        Outcome outcome,
        Timeline timeline) {
    public Run {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        findings = Collections.unmodifiableMap(new LinkedHashMap<>(findings));
    }
}
