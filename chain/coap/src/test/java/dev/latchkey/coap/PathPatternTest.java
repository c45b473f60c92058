package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PathPatternTest {
    @Test
    void aSegmentInBracesStandsForAnyOneSegment() {
        PathPattern pattern = PathPattern.of("/a/{x}/{y}");
        assertThat(pattern.match(List.of("a", "1", "2"))).contains(Map.of("x", "1", "y", "2"));
        assertThat(pattern.match(List.of("a", "1"))).isEmpty();
        assertThat(pattern.match(List.of("a", "1", "2", "3"))).isEmpty();
        assertThat(pattern.match(List.of("b", "1", "2"))).isEmpty();
        assertThat(pattern.variables()).isEqualTo(2);
        assertThat(pattern.stem()).isEqualTo("/a");
        assertThat(pattern).hasToString("/a/{x}/{y}");
    }

    @Test
    void theRootHasNoSegment() {
        assertThat(PathPattern.segments("/")).isEmpty();
        assertThat(PathPattern.of("/").match(List.of())).contains(Map.of());
    }

    @Test
    void aPathWithoutSlashIsNone() {
        assertThatThrownBy(() -> PathPattern.segments("a")).isInstanceOf(IllegalArgumentException.class);
    }
}
