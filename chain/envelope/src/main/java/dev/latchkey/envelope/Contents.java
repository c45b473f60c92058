package dev.latchkey.envelope;

import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import java.util.List;

/**
 * A pack that was opened and stands for itself.
 *
 * @param pack as it was sealed
 * @param measurements resolved, under the name of the authenticated sender
 * @param late whether a measurement is older than it would be had it come straight
 */
public record Contents(Pack pack, List<Measurement> measurements, boolean late) {
    public Contents {
        measurements = List.copyOf(measurements);
    }

    /** The number of measurements only: what they say is secret. */
    @Override
    public String toString() {
        return "Contents[" + measurements.size() + " measurements]";
    }
}
