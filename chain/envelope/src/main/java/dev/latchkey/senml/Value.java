package dev.latchkey.senml;

import dev.latchkey.bytes.Bytes;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The content of one SenML field; immutable. A reading's value is one of these four (RFC 8428, section 4.2). */
public sealed interface Value permits Value.Number, Value.Text, Value.Flag, Value.Data {

    /** A number, exact; two numbers are equal when they are numerically equal, whatever their trailing zeros. */
    record Number(BigDecimal number) implements Value {
        /** Far beyond what a field may hold, and far from where arithmetic on exponents overflows. */
        private static final int MAX_SCALE = 10_000;

        /** @throws IllegalArgumentException if the exponent is out of all reason */
        public Number {
            if (Math.abs((long) number.scale()) > MAX_SCALE) {
                throw new IllegalArgumentException("an exponent out of range");
            }
            number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }
    }

    /** A text: field {@code vs}, or the text of a name or unit. */
    record Text(String text) implements Value {
        /** @throws IllegalArgumentException if the text holds half a surrogate pair, which has no UTF-8 */
        public Text {
            boolean plain = text.chars().noneMatch(c -> Character.isSurrogate((char) c));
            if (!plain && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw new IllegalArgumentException("a text with half a surrogate pair");
            }
        }
    }

    /** A truth value: field {@code vb}. */
    record Flag(boolean flag) implements Value {}

    /** Opaque bytes: field {@code vd}; base64url without padding in JSON. */
    record Data(Bytes data) implements Value {
        public Data {
            Objects.requireNonNull(data);
        }
    }

    /**
     * A number from a double: the shortest decimal that denotes it.
     *
     * @throws NumberFormatException if it is infinite or no number
     */
    static Value of(double number) {
        return new Number(Numbers.decimal(number));
    }

    static Value of(BigDecimal number) {
        return new Number(number);
    }

    static Value of(String text) {
        return new Text(text);
    }

    static Value of(boolean flag) {
        return new Flag(flag);
    }

    static Value of(Bytes data) {
        return new Data(data);
    }
}
