package dev.latchkey.sim.fleet;

import dev.latchkey.sim.weather.DailyWeather;

/**
 * One reading that is to travel; immutable.
 *
 * @param number its place in the plan, from 0
 * @param sender name of the member that observed it
 * @param recipient name of the member it is sealed to
 * @param day its source
 */
public record Reading(int number, String sender, String recipient, DailyWeather day) {
    @Override
    public String toString() {
        return "reading " + number + " (row " + day.row() + ", " + day.date() + ") from " + sender + " to " + recipient;
    }
}
