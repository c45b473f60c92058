package dev.latchkey.sim.fleet;

import dev.latchkey.sim.source.Observation;

/**
 * One reading that is to travel; immutable.
 *
 * @param number names it within a run
 * @param sender name of the member that observed it
 * @param recipient name of the member it is sealed to
 * @param observation its source
 * @param arrives whether it is expected to arrive; otherwise to be refused, with a reason
 */
public record Reading(int number, String sender, String recipient, Observation observation, boolean arrives) {
    /** A reading that is expected to arrive. */
    public static Reading of(int number, String sender, String recipient, Observation observation) {
        return new Reading(number, sender, recipient, observation, true);
    }

    @Override
    public String toString() {
        return "reading " + number + " (" + observation.origin() + ") from " + sender + " to " + recipient;
    }
}
