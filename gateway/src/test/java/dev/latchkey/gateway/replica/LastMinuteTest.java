package dev.latchkey.gateway.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastMinuteTest {
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {0, -7_777_777_777_777L, Long.MAX_VALUE / 2})
    void countsSixtySecondsAndForgetsTheRest(long start) {
        LastMinute minute = new LastMinute();
        assertThat(minute.sum(start)).isZero();
        for (int second = 0; second < 100; second++) {
            minute.add(start + second * SECOND);
            minute.add(start + second * SECOND);
        }
        assertThat(minute.sum(start + 99 * SECOND)).isEqualTo(120);
        assertThat(minute.sum(start + 129 * SECOND)).isEqualTo(60);
        assertThat(minute.sum(start + 158 * SECOND)).isEqualTo(2);
        assertThat(minute.sum(start + 159 * SECOND)).isZero();
        assertThat(minute.sum(start + 100_000 * SECOND)).isZero();
    }

    @Test
    void aTimeThatGoesBackALittleDoesNoHarm() {
        LastMinute minute = new LastMinute();
        minute.add(10 * SECOND);
        minute.add(9 * SECOND);
        assertThat(minute.sum(10 * SECOND)).isEqualTo(2);
    }
}
