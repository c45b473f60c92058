package dev.latchkey.senml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackJsonTest {
    @Test
    void writesExactNumbersWithoutWhiteSpace() {
        Pack pack = Pack.at(Instant.ofEpochSecond(1_795_305_600L), Record.of("temp", "Cel", new BigDecimal("21.37")));
        assertThat(pack.toJson().toUtf8()).isEqualTo("[{\"bt\":1795305600,\"n\":\"temp\",\"u\":\"Cel\",\"v\":21.37}]");
    }

    @Test
    void readsDataAsBase64Url() throws Exception {
        Pack pack = Pack.fromJson(Bytes.utf8("[{\"n\":\"d\",\"vd\":\"_-8\"}]"));
        assertThat(pack.records().get(0).fields().get(Label.DATA_VALUE)).isEqualTo(Value.of(Bytes.fromHex("ffef")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "[{}",
                "[1]",
                "[{\"n\":1}]",
                "[{\"n\":\"x\",\"v\":\"1\"}]",
                "[{\"n\":\"x\",\"v\":1e999999999}]",
                "[{\"n\":\"x\",\"v\":1,\"v\":2}]",
                "[{\"n\":\"x\",\"vb\":1}]",
                "[{\"n\":\"x\",\"vd\":\"*\"}]",
                "[{\"n\":\"x\",\"v\":1,\"must_\":2}]",
                "[{\"n\":\"x\",\"v\":1}] 2",
                "[{\"n\":\"x\",\"v\":NaN}]",
                "[{\"n\":\"x\",\"v\":01}]",
                "[{\"n\":\"x\",\"v\":100e2147483647}]",
                "[{\"n\":\"x\",\"v\":1e-2147483648}]",
                "[{\"n\":\"x\",\"v\":1e99999999999}]",
                "[{\"n\":\"x\",\"v\":12345678901234567891}]",
                "[{\"n\":\"x\",\"v\":null}]",
                "[{\"n\":\"x\",\"v\":1,\"n\":\"y\"}]",
                "[{\"n\":\"x\",\"vs\":\"\\ud800\"}]",
                "[{\"n\":\"d\",\"vd\":\"_-8=\"}]",
                "[{\"n\":\"d\",\"vd\":\"_-9\"}]",
                "[{\"n\":\"d\",\"vd\":\"/+8\"}]",
                "[{\"n\":\"x\",\"v\":1,\"u\":\"\"}]",
                "[{\"n\":\"x\",\"v\":1,\"u\":\"C\\u001b[2J\"}]",
                "[{\"n\":\"x\",\"v\":1,\"ut\":-1}]",
                "[{\"bver\":0,\"n\":\"x\",\"v\":1}]",
                "[{\"bver\":10.5,\"n\":\"x\",\"v\":1}]",
                "[{\"bver\":\"10\",\"n\":\"x\",\"v\":1}]",
                "\ufeff[{\"n\":\"x\",\"v\":1}]"
            })
    void refusesWhatIsNoPack(String json) {
        assertThatThrownBy(() -> Pack.fromJson(Bytes.utf8(json))).isInstanceOf(MalformedPackException.class);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        String json = "[{\"n\":\"x\",\"v\":1}]";
        for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, Charset.forName("UTF-32"))) {
            Bytes other = Bytes.wrap(json.getBytes(charset));
            assertThatThrownBy(() -> Pack.fromJson(other)).isInstanceOf(MalformedPackException.class);
        }
        byte[] latin = "[{\"n\":\"x\",\"vs\":\"ö\"}]".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Pack.fromJson(Bytes.wrap(latin))).isInstanceOf(MalformedPackException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1E+2, 100",
        "1e30, 1000000000000000000000000000000",
        "1e300, 1e+300",
        "-2.50e-20, -2.5e-20",
        "0.0000001, 1e-7",
        "1.276020076001e+09, 1276020076.001"
    })
    void writesAllDigitsOrALowerCaseExponent(String read, String written) throws Exception {
        Pack pack = Pack.fromJson(Bytes.utf8("[{\"n\":\"x\",\"v\":" + read + "}]"));
        assertThat(pack.toJson().toUtf8()).isEqualTo("[{\"n\":\"x\",\"v\":" + written + "}]");
        assertThat(Pack.fromJson(pack.toJson())).isEqualTo(pack);
    }

    @Test
    void refusesToWriteMoreThanItReads() {
        Record record = Record.of("x", Value.of("x".repeat(Pack.MAX_JSON_BYTES)));
        Pack pack = new Pack(List.of(record));
        assertThatThrownBy(pack::toJson).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(pack::toCbor).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAPackBeyondItsLimits() {
        String deep = "[{\"n\":\"x\",\"v\":1,\"l\":" + "[".repeat(50) + "]".repeat(50) + "}]";
        String many = "[" + "{\"n\":\"x\",\"v\":1},".repeat(256) + "{\"n\":\"x\",\"v\":1}]";
        String longer = "[{\"n\":\"" + "x".repeat(Pack.MAX_JSON_BYTES) + "\",\"v\":1}]";
        for (String json : new String[] {deep, many, longer}) {
            assertThatThrownBy(() -> Pack.fromJson(Bytes.utf8(json))).isInstanceOf(MalformedPackException.class);
        }
    }
}
