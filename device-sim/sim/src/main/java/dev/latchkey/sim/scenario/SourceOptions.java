package dev.latchkey.sim.scenario;

import dev.latchkey.console.UsageFault;
import dev.latchkey.sim.fleet.Supply;
import dev.latchkey.sim.fleet.Tempo;
import dev.latchkey.sim.source.CsvColumns;
import dev.latchkey.sim.source.CsvSource;
import dev.latchkey.sim.source.HostSource;
import dev.latchkey.sim.source.Pace;
import dev.latchkey.sim.source.Source;
import dev.latchkey.sim.source.UnusableSourceException;
import dev.latchkey.sim.source.WeatherSource;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a fleet sends, and how fast. Filled in by picocli. */
final class SourceOptions {
    private static final int HOST_READINGS_PER_DEVICE = 10;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description = "a CSV file to send instead of the weather: a header line, rows sorted by time")
    private Path replay;

    @Option(names = "--time", paramLabel = "COL", description = "its column with the time (time)")
    private String time;

    @Option(names = "--value", paramLabel = "COL", description = "its column with the value (value)")
    private String value;

    @Option(names = "--unit", paramLabel = "U", description = "the values' unit, as SenML names it, such as Cel")
    private String unit;

    @Option(names = "--name", paramLabel = "NAME", description = "what the values are called (as their column)")
    private String name;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "how fast: 60x (times as fast as it was recorded), 10/s or 90/min (of the whole fleet), max"
                    + " (max; host: 1/s of each device)")
    private String rate;

    /**
     * What is sent.
     *
     * @param readings how many, if nothing else is asked for
     */
    record Chosen(Supply supply, String title, Tempo tempo, int readings) {}

    /** @throws UsageFault if options are missing, do not go together or cannot be used; the file's fault is named */
    Chosen choose(ScenarioName scenario, int devices) {
        if (scenario == ScenarioName.HOST) {
            return host(devices);
        }
        if (replay == null && (time != null || value != null || unit != null || name != null)) {
            throw new UsageFault(
                    "--time, --value, --unit and --name say what to take of a file: name it with --replay");
        }
        Source source = scenario == ScenarioName.CSV || replay != null ? csv() : WeatherSource.seattle();
        return new Chosen(
                Supply.of(source.observations()),
                "readings of " + source.title(),
                pace().map(pace -> Tempo.of(pace, source)).orElse(Tempo.AT_ONCE),
                source.observations().size());
    }

    private Chosen host(int devices) {
        if (replay != null) {
            throw new UsageFault("--replay sends a file, and host what this machine measures: choose one");
        }
        Pace pace = pace().orElse(Pace.of(devices + "/s"));
        if (pace.toString().endsWith("x")) {
            throw new UsageFault("--rate must be readings a second or a minute: host replays no recording");
        }
        HostSource host = HostSource.ofThisMachine();
        try {
            return new Chosen(
                    LiveSupply.of(host),
                    "samples of " + host.title(),
                    Tempo.of(pace),
                    devices * HOST_READINGS_PER_DEVICE);
        } catch (UnusableSourceException e) {
            throw new UsageFault(e.getMessage());
        }
    }

    private Source csv() {
        if (replay == null) {
            throw new UsageFault("csv needs --replay FILE, and --unit U for its values");
        }
        if (unit == null) {
            throw new UsageFault("--replay needs --unit U: the values' unit, as SenML names it, such as Cel");
        }
        try {
            String from = value == null ? "value" : value;
            String when = time == null ? "time" : time;
            return CsvSource.read(
                    replay, name == null ? CsvColumns.of(when, from, unit) : new CsvColumns(when, from, unit, name));
        } catch (IllegalArgumentException | UnusableSourceException e) {
            throw new UsageFault(e.getMessage());
        }
    }

    private Optional<Pace> pace() {
        try {
            return Optional.ofNullable(rate).map(Pace::of);
        } catch (IllegalArgumentException e) {
            throw new UsageFault("--rate must be " + e.getMessage());
        }
    }
}
