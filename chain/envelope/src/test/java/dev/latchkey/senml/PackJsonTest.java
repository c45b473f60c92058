package dev.latchkey.senml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                "[{\"n\":\"x\",\"v\":NaN}]"
            })
    void refusesWhatIsNoPack(String json) {
        assertThatThrownBy(() -> Pack.fromJson(Bytes.utf8(json))).isInstanceOf(MalformedPackException.class);
    }

    @Test
    void refusesAPackBeyondItsLimits() {
        String deep = "[{\"n\":\"x\",\"v\":1,\"l\":" + "[".repeat(50) + "]".repeat(50) + "}]";
        String many = "[" + "{\"n\":\"x\",\"v\":1},".repeat(256) + "{\"n\":\"x\",\"v\":1}]";
        String longer = "[{\"n\":\"" + "x".repeat(9_000) + "\",\"v\":1}]";
        for (String json : new String[] {deep, many, longer}) {
            assertThatThrownBy(() -> Pack.fromJson(Bytes.utf8(json))).isInstanceOf(MalformedPackException.class);
        }
    }
}
