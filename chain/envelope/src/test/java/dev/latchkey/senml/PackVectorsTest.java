package dev.latchkey.senml;

import static org.assertj.core.api.Assertions.assertThat;

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
        Pack pack = Pack.fromJson(Vectors.bytes("senml/" + example + ".gen.json"));
        Pack resolved = Pack.fromJson(Vectors.bytes("senml/" + example + ".gen.resolved.json"));
        assertThat(pack.resolve(NOW)).isEqualTo(resolved.resolve(NOW));
    }

    @Test
    void readsTheExampleThatHasNoResolvedFile() throws Exception {
        Pack pack = Pack.fromJson(Vectors.bytes("senml/ex13.gen.json"));
        List<Measurement> measurements = pack.resolve(NOW);
        assertThat(measurements).hasSize(4);
        assertThat(measurements).allMatch(m -> m.unit().equals(Optional.of("/")));
    }

    @Test
    void theCborExampleSaysWhatTheJsonExampleSays() throws Exception {
        Pack fromCbor = Pack.fromCbor(Vectors.bytes("senml/ex3.gen.cbor"));
        Pack fromJson = Pack.fromJson(Vectors.bytes("senml/ex3.gen.json"));
        assertThat(fromCbor.resolve(NOW)).isEqualTo(fromJson.resolve(NOW));
        assertThat(fromCbor.records().subList(0, 6))
                .isEqualTo(fromJson.records().subList(0, 6));
        assertThat(fromCbor.records().get(6).number(Label.TIME)).contains(BigDecimal.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ex1", "ex2", "ex3", "ex6", "ex11", "ex13"})
    void everyExampleSurvivesBothRepresentations(String example) throws Exception {
        Pack pack = Pack.fromJson(Vectors.bytes("senml/" + example + ".gen.json"));
        assertThat(Pack.fromCbor(pack.toCbor())).isEqualTo(pack);
        assertThat(Pack.fromJson(pack.toJson())).isEqualTo(pack);
    }
}
