package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import dev.latchkey.senml.MalformedPackException;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a pack must be before it is delivered: whole, in its sender's own name, and not from the future. Stateless. */
final class ContentCheck {
    /** How far a sender's clock may be ahead of ours. */
    static final Duration AHEAD = Duration.ofMinutes(5);

    /** From what age a measurement is marked late; it is delivered all the same, since readings wait out weeks. */
    static final Duration LATE = Duration.ofMinutes(5);

    private ContentCheck() {}

    static Contents check(Bytes encoded, String baseName, Instant now) throws RefusedMessageException {
        Pack pack;
        List<Measurement> measurements;
        try {
            pack = Pack.fromCbor(encoded);
            measurements = pack.resolveFrom(baseName);
        } catch (MalformedPackException e) {
            throw new RefusedMessageException(Reason.PACK, e);
        }
        boolean late = false;
        for (Measurement measurement : measurements) {
            if (measurement.time().isAfter(now.plus(AHEAD))) {
                throw new RefusedMessageException(Reason.FUTURE);
            }
            late |= measurement.time().isBefore(now.minus(LATE));
        }
        return new Contents(pack, measurements, late);
    }
}
