package dev.latchkey.sim.source;

import dev.latchkey.sim.weather.DailyWeather;
import dev.latchkey.sim.weather.WeatherFile;
import dev.latchkey.sim.weather.WeatherPack;
import java.util.List;

/** The daily weather of Seattle, 2012 to 2015: four values a day. Immutable. */
public final class WeatherSource implements Source {
    private final List<Observation> observations;

    private WeatherSource(List<DailyWeather> days) {
        this.observations = days.stream()
                .map(day -> new Observation("line " + day.row(), day.time(), WeatherPack.of(day)))
                .toList();
    }

    /** The file that comes with the simulator. */
    public static WeatherSource seattle() {
        return new WeatherSource(WeatherFile.seattle());
    }

    @Override
    public String title() {
        return "daily weather of Seattle, 2012 to 2015";
    }

    @Override
    public List<Observation> observations() {
        return observations;
    }
}
