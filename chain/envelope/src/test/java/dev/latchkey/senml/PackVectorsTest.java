package dev.latchkey.senml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.vectors.Vectors;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 8428. */
class PackVectorsTest {
    /** When the examples without absolute time were resolved. */
    private static final Instant NOW = Instant.ofEpochSecond(1_498_780_179L);

    @ParameterizedTest
    @ValueSource(strings = {"ex1", "ex2", "ex3", "ex6", "ex8", "ex11"})
    void resolvesTheExamples(String example) throws Exception {
        Pack pack = json(example + ".gen.json");
        Pack resolved = json(example + ".gen.resolved.json");
        assertThat(pack.resolve(NOW)).isEqualTo(resolved.resolve(NOW));
        assertThat(pack.resolved(NOW).records()).containsExactlyInAnyOrderElementsOf(resolved.records());
        assertThat(Pack.fromCbor(pack.toCbor()).resolved(NOW)).isEqualTo(pack.resolved(NOW));
        // The file of example 3 is not in chronological order.
        assertThat(resolved.resolved(NOW.plusSeconds(1))).isEqualTo(pack.resolved(NOW));
    }

    private static Pack json(String file) throws Exception {
        return Pack.fromJson(Vectors.bytes("senml/" + file));
    }

    @Test
    void readsTheExampleThatHasNoResolvedFile() throws Exception {
        List<Measurement> measurements = json("ex13.gen.json").resolve(NOW);
        assertThat(measurements).hasSize(4);
        assertThat(measurements).allMatch(m -> m.unit().equals(Optional.of("/")));
        assertThat(measurements)
                .extracting(m -> m.time().toEpochMilli())
                .containsExactly(1_320_078_429_000L, 1_320_078_429_000L, 1_320_078_429_100L, 1_320_078_429_100L);
    }

    @Test
    void theCborExampleSaysWhatTheJsonExampleSays() throws Exception {
        Pack fromCbor = Pack.fromCbor(Vectors.bytes("senml/ex3.gen.cbor"));
        Pack fromJson = json("ex3.gen.json");
        assertThat(fromCbor.resolve(NOW)).isEqualTo(fromJson.resolve(NOW));
        assertThat(fromCbor.records().subList(0, 6))
                .isEqualTo(fromJson.records().subList(0, 6));
        assertThat(fromCbor.records().get(6).number(Label.TIME)).contains(BigDecimal.ZERO);
        assertThat(fromCbor.resolved(NOW)).isEqualTo(json("ex3.gen.json").resolved(NOW));
    }

    @Test
    void theHexDumpIsTheExample() throws Exception {
        StringBuilder hex = new StringBuilder();
        Vectors.bytes("senml/ex3.gen.cbor.hex")
                .toUtf8()
                .lines()
                .forEach(line -> hex.append(line.replaceAll("^[0-9a-f]{4}|\\|.*$|\\s", "")));
        assertThat(hex.toString()).isEqualTo(Vectors.bytes("senml/ex3.gen.cbor").toHex());
    }

    /** We write decimal fractions where the example has doubles, and so need 26 bytes less. */
    @Test
    void oursIsShorterThanTheExampleInCbor() throws Exception {
        Bytes example = Vectors.bytes("senml/ex3.gen.cbor");
        Bytes ours = json("ex3.gen.json").toCbor();
        assertThat(Pack.fromCbor(ours)).isEqualTo(json("ex3.gen.json"));
        assertThat(ours.size()).isLessThan(example.size() - 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ex1", "ex2", "ex3", "ex6", "ex8", "ex11", "ex13"})
    void everyExampleSurvivesBothRepresentations(String example) throws Exception {
        Pack pack = json(example + ".gen.json");
        assertThat(Pack.fromJson(Pack.fromCbor(pack.toCbor()).toJson())).isEqualTo(pack);
        assertThat(Pack.fromCbor(Pack.fromJson(pack.toJson()).toCbor())).isEqualTo(pack);
    }

    /** The link field "l" of the example is none of RFC 8428: it is passed over, and not written again. */
    @Test
    void anUnknownFieldOfAnExampleIsPassedOver() throws Exception {
        assertThat(Vectors.bytes("senml/ex8.gen.json").toUtf8()).contains("\"l\":");
        assertThat(json("ex8.gen.json").toJson().toUtf8()).doesNotContain("\"l\":");
    }
}
