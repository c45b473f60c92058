package dev.latchkey.sim.weather;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * One observed day, in the units of the source; immutable.
 *
 * @param row the line of the source it stands on; the header is line 1
 * @param date the day
 * @param precipitationMm rain and melted snow, in mm
 * @param highCel highest temperature, in degrees Celsius
 * @param lowCel lowest temperature, in degrees Celsius
 * @param windMps average wind speed, in m/s
 */
public record DailyWeather(
        int row,
        LocalDate date,
        BigDecimal precipitationMm,
        BigDecimal highCel,
        BigDecimal lowCel,
        BigDecimal windMps) {

    /** The moment the reading carries: the day's begin in UTC. */
    public Instant time() {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
