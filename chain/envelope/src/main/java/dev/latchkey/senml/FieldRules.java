package dev.latchkey.senml;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** What one field may hold, whoever wrote it and in whichever representation. Stateless. */
final class FieldRules {
    /** The registry wants short ASCII symbols without space (RFC 8428, section 12.1); its longest has 8 characters. */
    private static final Pattern UNIT = Pattern.compile("[!-~]{1,32}");

    private FieldRules() {}

    /** The rule that this value breaks in this field, if it breaks one. */
    static Optional<String> broken(Label label, Value value) {
        if (!label.type().isInstance(value)) {
            return Optional.of("a field of another kind");
        }
        if (value instanceof Value.Number) {
            return brokenByNumber(label, ((Value.Number) value).number());
        }
        boolean unit = label == Label.UNIT || label == Label.BASE_UNIT;
        if (unit && !UNIT.matcher(((Value.Text) value).text()).matches()) {
            return Optional.of("a unit that is no symbol");
        }
        return Optional.empty();
    }

    private static Optional<String> brokenByNumber(Label label, BigDecimal number) {
        if (!Numbers.withinLimits(number)) {
            return Optional.of("a number with too many digits");
        }
        if (label == Label.BASE_VERSION && (number.signum() <= 0 || !Numbers.isLong(number))) {
            return Optional.of("a version that is no positive integer");
        }
        if (label == Label.UPDATE_TIME && number.signum() < 0) {
            return Optional.of("an update time below zero");
        }
        return Optional.empty();
    }
}
