package dev.latchkey.gateway.witness;

import dev.latchkey.checkpoint.SignedCheckpoint;

/** The answer to who asks for a cosignature. */
public sealed interface Judgement {
    /**
     * It is on disk and cosigned.
     *
     * @param checkpoint the body with this gateway's one cosignature
     */
    record Given(SignedCheckpoint checkpoint) implements Judgement {}

    /**
     * It is not.
     *
     * @param code why
     * @param detail with other-height the height that was cosigned last, in decimal, or "none"
     */
    record Refused(String code, String detail) implements Judgement {}

    static Judgement refused(String code) {
        return new Refused(code, "");
    }
}
