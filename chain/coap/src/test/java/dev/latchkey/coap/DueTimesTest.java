package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DueTimesTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void whatIsDueComesOutOnceInOrderAndNotBefore() {
        DueTimes<String> times = new DueTimes<>(0);
        times.add("later", 60 * SECOND);
        times.add("soon", SECOND);
        times.add("soon", 90 * SECOND);
        times.add("too", SECOND);
        assertThat(times.takeDue(SECOND - 1, 10)).isEmpty();
        assertThat(times.takeDue(SECOND, 1)).containsExactly("soon");
        assertThat(times.takeDue(SECOND, 10)).containsExactly("too");
        assertThat(times.takeDue(60 * SECOND, 10)).containsExactly("later");
        assertThat(times.size()).isZero();
    }

    @Test
    void whatIsTakenOutLeavesNothingBehind() {
        DueTimes<Integer> times = new DueTimes<>(0);
        for (int i = 0; i < 10_000; i++) {
            times.add(i, 86_400 * SECOND);
            times.remove(i);
        }
        times.remove(1);
        assertThat(times.size()).isZero();
        assertThat(times.takeDue(Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void theClockMayOverflow() {
        long begin = Long.MAX_VALUE - SECOND;
        DueTimes<String> times = new DueTimes<>(begin);
        times.add("a", begin + 2 * SECOND);
        assertThat(times.takeDue(begin + SECOND, 10)).isEmpty();
        assertThat(times.takeDue(begin + 2 * SECOND, 10)).containsExactly("a");
    }

    @Test
    void fiftyThousandObserversWithPacesOfTheirOwn() {
        Random random = new Random(5);
        DueTimes<Integer> times = new DueTimes<>(0);
        long[] due = new long[50_000];
        for (int i = 0; i < due.length; i++) {
            due[i] = (1 + random.nextInt(86_400)) * SECOND;
            times.add(i, due[i]);
        }
        List<Integer> heard = new ArrayList<>();
        for (long now = 0; now <= 86_400; now += 100) {
            heard.addAll(times.takeDue(now * SECOND, due.length));
        }
        assertThat(heard).hasSize(due.length).isSortedAccordingTo(Comparator.comparingLong(i -> due[i]));
    }
}
