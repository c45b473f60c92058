package dev.latchkey.sim.scenario;

import dev.latchkey.console.UsageFault;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The scenarios that there are. */
enum ScenarioName {
    /** Daily weather, as fast as it goes. */
    WEATHER,
    /** A file's values. */
    CSV,
    /** What this machine measures of itself. */
    HOST,
    /** Members move to another sub-network and back. */
    COMMUTE,
    /** All lose their connections at once. */
    STORM,
    /** Members join, change keys and leave. */
    CHURN,
    /** Datagrams are lost, repeated, delayed and re-ordered. */
    LOSSY;

    /** @throws UsageFault if there is none of that name */
    static ScenarioName of(String text) {
        return Arrays.stream(values())
                .filter(name -> name.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new UsageFault("no scenario " + text + "; there are "
                        + Arrays.stream(values()).map(ScenarioName::toString).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
