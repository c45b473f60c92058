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
    void randomNumbersComeBackExactly() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            BigDecimal number = switch (i % 4) {
                case 0 -> BigDecimal.valueOf(random.nextInt(), random.nextInt(8));
                case 1 -> BigDecimal.valueOf(random.nextLong());
                case 2 -> BigDecimal.valueOf(random.nextGaussian());
                default -> BigDecimal.valueOf(random.nextInt(4_096) / 64.0f);
            };
            Pack pack = Pack.at(TIME, Record.of("x", Value.of(number)));
            assertThat(Pack.fromCbor(pack.toCbor())).as("seed %d", seed).isEqualTo(pack);
            assertThat(Pack.fromJson(pack.toJson())).as("seed %d", seed).isEqualTo(pack);
        }
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

    @Test
    void readsAFloatAsTheShortestDecimalThatDenotesIt() throws Exception {
        Pack pack = Pack.fromCbor(Bytes.fromHex("81a2" + "00" + "6178" + "02" + "fb405e066666666666"));
        assertThat(pack.records().get(0).number(Label.VALUE)).contains(new BigDecimal("120.1"));
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
                "9fa200617802 01ff" // indefinite length
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
    void writesOnlyRegisteredUnits() {
        assertThatThrownBy(() -> Record.of("x", "furlong", BigDecimal.ONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Record.of("x", "hPa", BigDecimal.ONE)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Units.isPrimary("m/s")).isTrue();
        assertThat(Units.isSecondary("hPa")).isTrue();
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
    void textsShowNoReading() {
        assertThat(temperature("21.37").toString()).doesNotContain("21.37");
        assertThat(temperature("21.37").records().get(0).toString()).doesNotContain("21.37");
    }
}
