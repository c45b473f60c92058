package dev.latchkey.senml;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fields of a SenML record, with their names in JSON and their labels in CBOR (RFC 8428, tables 1 to 4). */
public enum Label {
    /** Fields of this and later records are of this SenML version. */
    BASE_VERSION("bver", -1, Value.Number.class),
    /** Stands in front of every name from this record on. */
    BASE_NAME("bn", -2, Value.Text.class),
    /** Is added to every time from this record on. */
    BASE_TIME("bt", -3, Value.Number.class),
    /** The unit of every record from here on that names none. */
    BASE_UNIT("bu", -4, Value.Text.class),
    /** Is added to every numeric value from this record on. */
    BASE_VALUE("bv", -5, Value.Number.class),
    /** Is added to every sum from this record on. */
    BASE_SUM("bs", -6, Value.Number.class),
    NAME("n", 0, Value.Text.class),
    UNIT("u", 1, Value.Text.class),
    VALUE("v", 2, Value.Number.class),
    TEXT_VALUE("vs", 3, Value.Text.class),
    FLAG_VALUE("vb", 4, Value.Flag.class),
    /** The integral of the value over time, in the unit's seconds. */
    SUM("s", 5, Value.Number.class),
    /** Seconds: since 1970 in UTC when at least 2^28, else relative to now. */
    TIME("t", 6, Value.Number.class),
    /** Seconds within which the next record of this name is to be expected. */
    UPDATE_TIME("ut", 7, Value.Number.class),
    DATA_VALUE("vd", 8, Value.Data.class);

    private static final Map<String, Label> BY_NAME =
            Stream.of(values()).collect(Collectors.toMap(label -> label.jsonName, Function.identity()));
    private static final Map<Integer, Label> BY_KEY =
            Stream.of(values()).collect(Collectors.toMap(label -> label.cborKey, Function.identity()));

    private final String jsonName;
    private final int cborKey;
    private final Class<? extends Value> type;

    Label(String jsonName, int cborKey, Class<? extends Value> type) {
        this.jsonName = jsonName;
        this.cborKey = cborKey;
        this.type = type;
    }

    String jsonName() {
        return jsonName;
    }

    int cborKey() {
        return cborKey;
    }

    Class<? extends Value> type() {
        return type;
    }

    static Optional<Label> ofJsonName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static Optional<Label> ofCborKey(long key) {
        return key < -6 || key > 8 ? Optional.empty() : Optional.ofNullable(BY_KEY.get((int) key));
    }
}
