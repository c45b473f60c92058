package dev.latchkey.sim.scenario;

import dev.latchkey.console.UsageFault;
import dev.latchkey.sim.fleet.Supply;
import dev.latchkey.sim.fleet.Tempo;
import dev.latchkey.sim.fleet.WeatherSupply;
import dev.latchkey.sim.weather.WeatherFile;
import picocli.CommandLine.Option;

/** What a fleet sends, and how fast. Filled in by picocli. */
final class SourceOptions {
    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "readings a second of the whole fleet, such as 50/s (as fast as it goes)")
    private String rate;

    /** What is sent. */
    record Chosen(Supply supply, String title, Tempo tempo, int readings) {}

    /** @throws UsageFault if options are missing, do not go together or cannot be used */
    Chosen choose(ScenarioName scenario, int devices) {
        if (scenario == ScenarioName.CSV || scenario == ScenarioName.HOST) {
            throw new UsageFault("there is no source for " + scenario + " yet");
        }
        Supply weather = WeatherSupply.of(WeatherFile.seattle());
        return new Chosen(weather, "days of Seattle's weather", tempo(), weather.size());
    }

    private Tempo tempo() {
        if (rate == null) {
            return Tempo.AT_ONCE;
        }
        if (!rate.matches("[0-9]{1,6}/s") || rate.matches("0+/s")) {
            throw new UsageFault("--rate must be readings a second, such as 50/s");
        }
        return Tempo.perSecond(Integer.parseInt(rate.substring(0, rate.length() - 2)));
    }
}
