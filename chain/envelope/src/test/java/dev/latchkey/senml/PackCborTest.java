package dev.latchkey.senml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackCborTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_795_305_600L);

    private static Pack temperature(String value) {
        return Pack.at(TIME, Record.of("temp", "Cel", new BigDecimal(value)));
    }

    @Test
    void oneValueWithUnitNameAndTimeIs23Bytes() {
        assertThat(temperature("21.5").toCbor().toHex()).isEqualTo("81a4006474656d70016343656c02f94d60221a6b023080");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "-1, 20",
        "21.5, f94d60",
        "0.5, f93800",
        "21.37, c48221190859",
        "12.8, c482201880",
        "0.0109, c48223186d",
        "-0.1, c4822020",
        "1e18, c4821201",
        "100000, c4820501",
        "65536, 1a00010000",
        "1795305600, 1a6b023080",
        "9223372036854775807, 1b7fffffffffffffff",
        "-9223372036854775808, 3b7fffffffffffffff",
        "1276020076.001, c482221b0000012918b92de1"
    })
    void eachNumberTakesItsShortestExactForm(String number, String hex) throws Exception {
        Bytes encoded = Cbor.encode(Numbers.shortest(new BigDecimal(number)));
        assertThat(encoded.size()).isLessThanOrEqualTo(hex.length() / 2);
        assertThat(encoded.toHex()).isEqualTo(hex);
        assertThat(Cbor.decode(encoded, 16).asNumber()).isEqualByComparingTo(number);
    }

    @Test
    void everyFieldSurvives() throws Exception {
        Record full = Record.of("n", "lx", new BigDecimal("3"))
                .with(Label.BASE_NAME, Value.of("urn:x:"))
                .with(Label.BASE_TIME, Value.of(new BigDecimal("1e9")))
                .with(Label.BASE_UNIT, Value.of("Cel"))
                .with(Label.BASE_VALUE, Value.of(new BigDecimal("-3.5")))
                .with(Label.BASE_SUM, Value.of(new BigDecimal("4")))
                .with(Label.BASE_VERSION, Value.of(new BigDecimal("10")))
                .with(Label.SUM, Value.of(new BigDecimal("17.25")))
                .with(Label.UPDATE_TIME, Value.of(new BigDecimal("60")))
                .at(TIME.plusNanos(1));
        Pack pack = new Pack(java.util.List.of(
                full,
                Record.of("t", Value.of("wörd")),
                Record.of("f", Value.of(true)),
                Record.of("d", Value.of(Bytes.fromHex("00ff10")))));
        assertThat(Pack.fromCbor(pack.toCbor())).isEqualTo(pack);
        assertThat(Pack.fromJson(pack.toJson())).isEqualTo(pack);
    }

    @Test
    void takesMapKeysInAnyOrderAndLongFloats() throws Exception {
        Bytes others = Bytes.fromHex("81a4" + "221a6b023080" + "006474656d70" + "016343656c" + "02fb4035800000000000");
        assertThat(Pack.fromCbor(others)).isEqualTo(temperature("21.5"));
    }

    /** Whatever form the sender chose: a half, a single, a double, an integer, a decimal fraction. */
    @ParameterizedTest
    @CsvSource({
        "fb405e066666666666, 120.1",
        "f93e00, 1.5",
        "fa3fc00000, 1.5",
        "fb3ff8000000000000, 1.5",
        "c482200f, 1.5",
        "c4820001, 1",
        "fa41b8cccd, 23.100000381469727",
        "f90001, 5.960464477539063E-8",
        "f98000, 0",
        "fb7fefffffffffffff, 1.7976931348623157E+308",
        "fb0000000000000001, 4.9E-324",
        "1b7fffffffffffffff, 9223372036854775807",
        "3b7fffffffffffffff, -9223372036854775808"
    })
    void readsAFloatAsTheShortestDecimalThatDenotesIt(String hex, BigDecimal number) throws Exception {
        Pack pack = Pack.fromCbor(Bytes.fromHex("81a2" + "00" + "6178" + "02" + hex));
        assertThat(pack.records().get(0).number(Label.VALUE))
                .hasValueSatisfying(read -> assertThat(read).isEqualByComparingTo(number));
        assertThat(Pack.fromCbor(pack.toCbor())).isEqualTo(pack);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // no record
                "a0", // no array
                "8180", // a record that is no map
                "81a100f4", // a name that is no text
                "81a2006178026131", // a value that is no number
                "81a200617802f97e00", // not a number
                "81a200617802f97c00", // infinity
                "81a2006178021bffffffffffffffff", // more than 64 signed bits
                "81a200617802c4821a7fffffff01", // an exponent that would fill the memory
                "81a20061780061790102", // a key twice
                "81a3006178020162785f01", // a field that must be understood
                "81a200617802", // cut off
                "81a20061780201ff", // something after the pack
                "9fa200617802 01ff", // indefinite length
                "81a2616e61780201", // a field by its JSON name
                "81a320fa41200000 006178 0201", // a version that is a float
                "81a32029 006178 0201", // a version below zero
                "81a32000 006178 0201", // version zero
                "81a3 006178 0201 0720", // an update time below zero
                "81a3 006178 0201 0160", // a unit without a character
                "81a3 006178 0201 01621b5b", // a unit that steers a terminal
                "81a3 006178 0201 f4f5", // a label that is no label
                "81a2 00636578ff 0201", // a text that is not UTF-8
                "81a2 006178 02c48200c24101", // a mantissa that is a big number
                "81a2 006178 02c2410a", // a big number
                "81a2 006178 04 01" // a flag that is a number
            })
    void refusesWhatIsNoPack(String hex) {
        assertThatThrownBy(() -> Pack.fromCbor(Bytes.fromHex(hex.replace(" ", ""))))
                .isInstanceOf(MalformedPackException.class);
    }

    @Test
    void passesOverFieldsThatNeedNotBeUnderstood() throws Exception {
        Bytes withMore = Bytes.fromHex("81a4" + "006178" + "0201" + "1864" + "820102" + "616c" + "a0");
        assertThat(Pack.fromCbor(withMore))
                .isEqualTo(new Pack(java.util.List.of(Record.of("x", Value.of(BigDecimal.ONE)))));
    }

    @Test
    void truncatedAndFlippedPacksAreRefusedOrReadButNeverFail() {
        byte[] whole = temperature("21.37").toCbor().toArray();
        for (int cut = 0; cut < whole.length; cut++) {
            Bytes part = Bytes.of(java.util.Arrays.copyOf(whole, cut));
            assertThatThrownBy(() -> Pack.fromCbor(part)).isInstanceOf(MalformedPackException.class);
        }
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            readOrRefuse(Bytes.wrap(flipped));
        }
    }

    @Test
    void randomBytesAreRefusedOrReadButNeverFail() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            readOrRefuse(Bytes.wrap(bytes));
        }
    }

    private static void readOrRefuse(Bytes bytes) {
        try {
            Pack.fromCbor(bytes).resolve(TIME);
        } catch (MalformedPackException expected) {
            assertThat(expected).hasMessageNotContaining("null");
        }
    }

    @Test
    void refusesToWriteWhatItCouldNotReadBack() {
        assertThatThrownBy(() ->
                        Record.of("x", Value.of(BigDecimal.ONE)).with(Label.VALUE, Value.of(new BigDecimal("1e999"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Record.of("x", Value.of(new BigDecimal("1.0000000000000000000000001"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Record.of("x", Value.of(true)).with(Label.NAME, Value.of(true)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aVersionIsWrittenAsAnUnsignedInteger() throws Exception {
        Record record = Record.of("x", Value.of(true)).with(Label.BASE_VERSION, Value.of(new BigDecimal("100000")));
        Pack pack = new Pack(java.util.List.of(record));
        assertThat(pack.toCbor().toHex()).isEqualTo("81a3" + "006178" + "04f5" + "201a000186a0");
        assertThat(Pack.fromCbor(pack.toCbor())).isEqualTo(pack);
        assertThatThrownBy(() -> record.with(Label.BASE_VERSION, Value.of(new BigDecimal("10.5"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesTimesThatAPackCannotCarry() {
        for (String time : new String[] {"1978-07-04T21:24:15.999Z", "1970-01-01T00:00:00Z", "2262-04-12T00:00:00Z"}) {
            Instant instant = Instant.parse(time);
            assertThatThrownBy(() -> Pack.at(instant, Record.of("x", Value.of(true))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Pack first = Pack.at(Instant.parse("1978-07-04T21:24:16Z"), Record.of("x", Value.of(true)));
        assertThat(first.records().get(0).number(Label.BASE_TIME)).contains(new BigDecimal("268435456"));
    }

    @Test
    void textsShowNoReading() {
        assertThat(temperature("21.37").toString()).doesNotContain("21.37");
        assertThat(temperature("21.37").records().get(0).toString()).doesNotContain("21.37");
    }
}
