package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import java.util.Optional;

/**
 * What a case comes to.
 *
 * @param text {@code accept}, {@code reject}, or the value asked for in lower-case hexadecimal
 */
record Answer(String text) {
    static final Answer ACCEPT = new Answer("accept");
    static final Answer REJECT = new Answer("reject");

    static Answer of(boolean accepted) {
        return accepted ? ACCEPT : REJECT;
    }

    static Answer of(Bytes value) {
        return new Answer(value.toHex());
    }

    /** The value, or a rejection where there is none. */
    static Answer of(Optional<Bytes> value) {
        return value.map(Answer::of).orElse(REJECT);
    }
}
