package dev.latchkey.sim.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.sim.weather.DailyWeather;
import dev.latchkey.sim.weather.WeatherFile;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlanTest {
    private static final List<DailyWeather> DAYS = WeatherFile.seattle();

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "d-" + i).toList();
    }

    @Test
    void everyRowIsSentOnceAndTheFleetSharesThem() {
        Plan plan = Plan.of(names(20), DAYS, DAYS.size(), 7);
        assertThat(plan.readings().stream().map(Reading::day)).containsExactlyElementsOf(DAYS);
        for (String name : names(20)) {
            assertThat(plan.of(name).size()).isBetween(73, 74);
        }
    }

    @Test
    void senderAndDayNameAReadingUpToTheMost() {
        for (int members : new int[] {2, 3, 17}) {
            int most = (int) Plan.mostReadings(members, 100);
            Plan plan = Plan.of(names(members), DAYS.subList(0, 100), most, 1);
            Set<String> seen = new HashSet<>();
            for (Reading reading : plan.readings()) {
                assertThat(seen.add(reading.sender() + reading.day().date())).isTrue();
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Plan.of(names(members), DAYS.subList(0, 100), most + 1, 1));
        }
    }

    @Test
    void nobodySendsToItself() {
        for (int seed = 0; seed < 50; seed++) {
            Plan plan = Plan.of(names(2 + seed % 5), DAYS, 50, seed);
            assertThat(plan.readings()).allMatch(reading -> !reading.sender().equals(reading.recipient()));
        }
    }

    @Test
    void fromThreeMembersOnOneOnlySends() {
        for (int seed = 0; seed < 50; seed++) {
            assertThat(Plan.of(names(3 + seed % 5), DAYS, 50, seed).onlySenders())
                    .isNotEmpty();
        }
        assertThat(Plan.of(names(2), DAYS, 50, 1).onlySenders()).isEmpty();
    }

    @Test
    void theSeedDecides() {
        assertThat(Plan.of(names(20), DAYS, 100, 5).readings())
                .isEqualTo(Plan.of(names(20), DAYS, 100, 5).readings())
                .isNotEqualTo(Plan.of(names(20), DAYS, 100, 6).readings());
    }
}
