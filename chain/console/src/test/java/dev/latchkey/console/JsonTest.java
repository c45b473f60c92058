package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void writesPlainValues() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("name", "d-\"1\"\n");
        value.put("counts", List.of(1, 2L, new BigDecimal("0.25"), 1.5, Double.NaN));
        value.put("none", Optional.empty());
        value.put("some", Optional.of(true));
        value.put("null", null);
        value.put("took", Duration.ofMillis(1250));
        value.put("at", Instant.EPOCH);
        value.put("file", Path.of("a", "b"));

        assertThat(Json.text(value))
                .isEqualTo("{\"name\":\"d-\\\"1\\\"\\n\",\"counts\":[1,2,0.25,1.5,null],\"none\":null,\"some\":true,"
                        + "\"null\":null,\"took\":1.25,\"at\":\"1970-01-01T00:00:00Z\",\"file\":\"a/b\"}");
    }

    @Test
    void leavesTheStreamOpen() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Json.write(out, List.of("\u00e9"));
        out.write('\n');
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("[\"\u00e9\"]\n");
    }

    @Test
    void refusesWhatIsNestedWithoutEnd() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThatIllegalArgumentException().isThrownBy(() -> Json.pretty(endless));
    }
}
