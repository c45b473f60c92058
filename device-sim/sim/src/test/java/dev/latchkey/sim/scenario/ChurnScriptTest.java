package dev.latchkey.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChurnScriptTest {
    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "d-" + i).toList();
    }

    @Test
    void onlyMembersChangeAndWhoLeftDoesNotComeBack() {
        for (int seed = 0; seed < 20; seed++) {
            Set<String> members = new HashSet<>(names(6));
            Set<String> ever = new HashSet<>(members);
            Map<String, Integer> rotations = new HashMap<>();
            int changes = 0;
            for (List<Step> round : ChurnScript.of(names(6), 40, 4, seed)) {
                Set<String> ofRound = new HashSet<>();
                for (Step step : round) {
                    changes++;
                    if (step instanceof Step.Rotate rotate) {
                        assertThat(members).contains(rotate.name());
                        assertThat(rotate.which()).isNotEmpty();
                        assertThat(rotations.merge(rotate.name(), 1, Integer::sum))
                                .isLessThanOrEqualTo(4);
                        assertThat(ofRound.add(rotate.name())).isTrue();
                    } else if (step instanceof Step.Replace replace) {
                        assertThat(members.remove(replace.leaving())).isTrue();
                        assertThat(ever.add(replace.joining())).isTrue();
                        members.add(replace.joining());
                        assertThat(ofRound.add(replace.leaving())).isTrue();
                    }
                }
            }
            assertThat(changes).isEqualTo(40);
            assertThat(members).hasSize(6);
        }
    }

    @Test
    void somebodyStaysAsHeIsInEveryRound() {
        assertThat(ChurnScript.of(names(2), 6, 4, 1))
                .hasSize(6)
                .allSatisfy(round -> assertThat(round).hasSize(1));
    }

    @Test
    void everyThirdChangeIsAReplacement() {
        assertThat(ChurnScript.joins(ChurnScript.of(names(30), 12, 4, 1))).isEqualTo(4);
    }

    @Test
    void theSeedDecides() {
        assertThat(ChurnScript.of(names(9), 12, 4, 5))
                .isEqualTo(ChurnScript.of(names(9), 12, 4, 5))
                .isNotEqualTo(ChurnScript.of(names(9), 12, 4, 6));
    }
}
