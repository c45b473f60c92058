package dev.latchkey.sim.scenario;

import dev.latchkey.device.DeviceSettings;
import dev.latchkey.sim.fleet.Plan;
import dev.latchkey.sim.fleet.Supply;
import dev.latchkey.sim.fleet.Tempo;
import java.time.Duration;
import java.util.Optional;

/**
 * What a fleet is to do; immutable.
 *
 * @param plan who sends to whom
 * @param supply what is sent
 * @param title what that is, for people, such as {@code days of Seattle's weather}
 * @param tempo when readings are due
 * @param readings to be sent in all; what the script needs beyond that is sent on top
 * @param duration after which nothing more is sent, however many that were
 * @param joinsAtATime joins and key queries under way at once
 * @param readingsAtATime readings under way at once, of the whole fleet
 * @param settings of each device
 * @param script what happens beside the sending
 */
public record Brief(
        Plan plan,
        Supply supply,
        String title,
        Tempo tempo,
        int readings,
        Optional<Duration> duration,
        int joinsAtATime,
        int readingsAtATime,
        DeviceSettings settings,
        Script script) {
    public Brief {
        if (readings < 1 || joinsAtATime < 1 || readingsAtATime < 1) {
            throw new IllegalArgumentException("nothing to do, or nobody to do it");
        }
    }

    int devices() {
        return plan.members().size();
    }

    /** With a duration nobody is owed a number of readings. */
    int owed() {
        return duration.isPresent() ? 0 : readings;
    }
}
