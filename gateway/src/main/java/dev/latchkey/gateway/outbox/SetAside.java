package dev.latchkey.gateway.outbox;

import dev.latchkey.protocol.BatchAnswer;

/**
 * A message that the cloud refused.
 *
 * @param sequence its number in the outbox
 * @param code why, in the cloud's word
 * @param message what was refused
 */
public record SetAside(long sequence, String code, OutboundMessage message) {
    /** The code of a message that was refused for now until nobody would want it any more. */
    static final String RETENTION_ENDED = "retention-ended";

    /** Whether the cloud may take it later, when somebody has made room. */
    public boolean isForNow() {
        return isForNow(code);
    }

    static boolean isForNow(String code) {
        return new BatchAnswer.Refused(0, code).isForNow();
    }
}
