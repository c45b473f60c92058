package dev.latchkey.device;

import dev.latchkey.bytes.Digest;
import dev.latchkey.protocol.ReturnedNotice;
import java.util.List;

/**
 * Readings of this device that its gateway acknowledged, and that one of their recipients has not read and will not: it was a
 * provisional member, and the chain refused its join. On the gateway's word.
 *
 * @param recipient the name under which it was sealed to
 * @param session the session of the readings, as {@link Acknowledged#session} named it
 * @param reason the code with which the chain refused the recipient
 * @param readings ascending ranges of Partial IVs; none if the session had been opened and nothing more
 */
public record Returned(String recipient, Digest session, String reason, List<ReturnedNotice.Range> readings) {
    public Returned {
        readings = List.copyOf(readings);
    }
}
