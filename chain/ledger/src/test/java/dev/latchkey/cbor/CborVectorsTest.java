package dev.latchkey.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException.Reason;
import dev.latchkey.vectors.Vectors;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The examples of RFC 8949, appendix A: those in our profiles are read as printed there, all others are refused. */
class CborVectorsTest {
    private static final int LIMIT = 256;

    private static final Map<String, Item> IN_DIAGNOSTIC_NOTATION = Map.of(
            "Infinity", Cbor.real(Double.POSITIVE_INFINITY),
            "-Infinity", Cbor.real(Double.NEGATIVE_INFINITY),
            "NaN", Cbor.real(Double.NaN),
            "h''", Cbor.bytes(Bytes.EMPTY),
            "h'01020304'", Cbor.bytes(Bytes.fromHex("01020304")),
            "{1: 2, 3: 4}", Cbor.map(Cbor.uint(1), Cbor.uint(2), Cbor.uint(3), Cbor.uint(4)));

    private static final Set<Reason> OUTSIDE_THE_PROFILE =
            Set.of(Reason.UNKNOWN_TAG, Reason.UNKNOWN_SIMPLE_VALUE, Reason.INDEFINITE_LENGTH);

    @Test
    void readsAndWritesWhatIsDeterministicAsPublished() throws MalformedCborException {
        int read = 0;
        for (Object element : Vectors.array(Vectors.at("cbor/appendix_a.json"))) {
            Map<String, Object> vector = Vectors.asObject(element);
            Bytes encoded = Bytes.fromHex((String) vector.get("hex"));
            if (vector.get("roundtrip").equals(true) && isInProfile(encoded)) {
                Item item = Cbor.decode(encoded, LIMIT);
                assertIs(item, vector);
                assertThat(Cbor.encode(item)).isEqualTo(encoded);
                assertThat(Cbor.decode(encoded, LIMIT, CborProfile.BOUNDED)).isEqualTo(item);
                read++;
            } else {
                assertThat(refusal(encoded, CborProfile.DETERMINISTIC))
                        .as(encoded.toHex())
                        .isIn(
                                Reason.UNKNOWN_TAG,
                                Reason.UNKNOWN_SIMPLE_VALUE,
                                Reason.INDEFINITE_LENGTH,
                                Reason.NOT_SHORTEST);
            }
        }
        assertThat(read).isEqualTo(53);
    }

    @Test
    void readsLongerFloatsOnlyInTheBoundedProfile() throws MalformedCborException {
        int read = 0;
        for (Object element : Vectors.array(Vectors.at("cbor/appendix_a.json"))) {
            Map<String, Object> vector = Vectors.asObject(element);
            Bytes encoded = Bytes.fromHex((String) vector.get("hex"));
            if (vector.get("roundtrip").equals(true) && isInProfile(encoded)) {
                continue;
            }
            if ((encoded.get(0) & 0xff) == 0xfa || (encoded.get(0) & 0xff) == 0xfb) {
                assertIs(Cbor.decode(encoded, LIMIT, CborProfile.BOUNDED), vector);
                read++;
            } else {
                assertThat(refusal(encoded, CborProfile.BOUNDED)).isIn(OUTSIDE_THE_PROFILE);
            }
        }
        assertThat(read).isEqualTo(6);
    }

    /** Tags, undefined and the unassigned simple values are not for us. */
    private static boolean isInProfile(Bytes encoded) {
        int initial = encoded.get(0) & 0xff;
        return initial >>> 5 != 6 && initial != 0xf7 && initial != 0xf0 && initial != 0xf8;
    }

    private static void assertIs(Item item, Map<String, Object> vector) throws MalformedCborException {
        if (vector.containsKey("decoded")) {
            assertValue(item, vector.get("decoded"));
        } else {
            assertThat(item).isEqualTo(IN_DIAGNOSTIC_NOTATION.get(vector.get("diagnostic")));
        }
    }

    private static void assertValue(Item item, Object json) throws MalformedCborException {
        if (json == null) {
            assertThat(item.isNull()).isTrue();
        } else if (json instanceof Boolean) {
            assertThat(item.asBool()).isEqualTo(json);
        } else if (json instanceof String) {
            assertThat(item.asText(LIMIT)).isEqualTo(json);
        } else if (json instanceof BigDecimal number) {
            assertThat(item.asDouble()).isEqualTo(number.doubleValue());
        } else if (json instanceof BigInteger number) {
            assertThat(item.asNumber()).isEqualByComparingTo(new BigDecimal(number));
        } else if (json instanceof List) {
            List<Object> expected = Vectors.asArray(json);
            List<Item> elements = item.asArray(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertValue(elements.get(i), expected.get(i));
            }
        } else {
            Map<Item, Item> entries = new HashMap<>(item.asMap());
            for (Map.Entry<String, Object> expected : Vectors.asObject(json).entrySet()) {
                assertValue(entries.remove(Cbor.text(expected.getKey())), expected.getValue());
            }
            assertThat(entries).isEmpty();
        }
    }

    private static Reason refusal(Bytes encoded, CborProfile profile) {
        return catchThrowableOfType(MalformedCborException.class, () -> Cbor.decode(encoded, LIMIT, profile))
                .reason();
    }
}
