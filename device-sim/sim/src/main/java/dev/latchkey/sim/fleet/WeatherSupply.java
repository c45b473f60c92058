package dev.latchkey.sim.fleet;

import dev.latchkey.sim.weather.DailyWeather;
import dev.latchkey.sim.weather.WeatherPack;
import java.util.List;

/** Days of weather as observations. Stateless. */
public final class WeatherSupply {
    private WeatherSupply() {}

    public static Supply of(List<DailyWeather> days) {
        return Supply.of(days.stream()
                .map(day -> new Observation("row " + day.row() + ", " + day.date(), day.time(), WeatherPack.of(day)))
                .toList());
    }
}
