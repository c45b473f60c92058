package dev.latchkey.sim.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AxisTest {
    @Test
    void linearTicksAreRoundAndHoldTheHighestValue() {
        assertThat(values(Axis.linear(387, AxisTest::plain))).containsExactly(0.0, 100.0, 200.0, 300.0, 400.0);
        assertThat(values(Axis.linear(400, AxisTest::plain))).containsExactly(0.0, 100.0, 200.0, 300.0, 400.0);
        assertThat(Axis.linear(401, AxisTest::plain).max()).isEqualTo(500);
        for (double highest = 1e-7; highest < 1e12; highest *= 1.37) {
            Axis axis = Axis.linear(highest, AxisTest::plain);
            assertThat(axis.max()).isGreaterThanOrEqualTo(highest * (1 - 1e-9)).isLessThan(highest * 2.5);
            assertThat(axis.ticks()).hasSizeBetween(3, 7);
            assertThat(axis.at(highest)).isBetween(0.4, 1.0);
        }
    }

    @Test
    void whatCannotBePartedHasWholeSteps() {
        assertThat(values(Axis.counting(3, AxisTest::plain))).containsExactly(0.0, 1.0, 2.0, 3.0);
        assertThat(values(Axis.counting(0, AxisTest::plain))).containsExactly(0.0, 1.0);
    }

    @Test
    void nothingAndNonsenseHaveAnAxisToo() {
        for (double highest : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(Axis.linear(highest, AxisTest::plain).max()).isEqualTo(1);
        }
        assertThat(Axis.time(0, 5).max()).isPositive();
        assertThatThrownBy(() -> new Axis(1, 1, false, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Axis(0, 1, true, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void decadesHoldBothEndsAndAreEvenlyApart() {
        Axis axis = Axis.decades(0.004, 3, AxisTest::plain);
        assertThat(axis.min()).isCloseTo(0.001, within(1e-12));
        assertThat(axis.max()).isCloseTo(10, within(1e-9));
        assertThat(axis.ticks()).hasSize(5);
        assertThat(axis.at(0.1)).isCloseTo(0.5, within(1e-9));
        assertThat(axis.at(0)).isZero();
        assertThat(axis.at(99)).isEqualTo(1);

        assertThat(values(Axis.decades(0.01, 0.01, AxisTest::plain))).hasSize(4);
        for (double high = 1e-6; high <= 4000; high *= 3) {
            assertThat(Axis.decades(1e-6, high, AxisTest::plain).ticks()).hasSizeBetween(3, 10);
        }
    }

    @Test
    void timeIsMarkedInStepsThatPeopleCountIn() {
        assertThat(labels(Axis.time(42, 5))).containsExactly("0 s", "10 s", "20 s", "30 s", "40 s");
        assertThat(labels(Axis.time(200, 5))).containsExactly("0:00", "1:00", "2:00", "3:00");
        assertThat(labels(Axis.time(3 * 3600, 4))).containsExactly("0:00", "1:00", "2:00", "3:00");
        assertThat(labels(Axis.time(0.5, 6))).startsWith("0 s", "0.1 s");
        assertThat(Axis.unitOfTime(42)).isEmpty();
        assertThat(Axis.unitOfTime(200)).isEqualTo("min:s");
        assertThat(Axis.unitOfTime(3 * 3600)).isEqualTo("h:min");
        for (double end = 0.1; end < 1e8; end *= 1.7) {
            assertThat(Axis.time(end, 6).ticks()).hasSizeBetween(2, 7);
        }
    }

    private static String plain(double value) {
        return Double.toString(value);
    }

    private static List<Double> values(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::value).toList();
    }

    private static List<String> labels(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::label).toList();
    }
}
