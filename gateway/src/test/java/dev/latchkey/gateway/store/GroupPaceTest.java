package dev.latchkey.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GroupPaceTest {
    /** Near the overflow of nanoTime, which is arbitrary. */
    private long now = Long.MAX_VALUE - GroupPace.BETWEEN_NANOS / 2;

    private final GroupPace pace = new GroupPace(() -> now);

    @Test
    void whatComesAloneWaitsForNothing() {
        assertThat(pace.left()).isZero();
        pace.began(GroupPace.MANY - 1);
        assertThat(pace.left()).isZero();
        pace.await();
    }

    @Test
    void groupsOfManyBeginApart() {
        pace.began(GroupPace.MANY);
        assertThat(pace.left()).isEqualTo(GroupPace.BETWEEN_NANOS);
        now += GroupPace.BETWEEN_NANOS - 1;
        assertThat(pace.left()).isEqualTo(1);
        now++;
        assertThat(pace.left()).isZero();
    }

    @Test
    void aSlowDiskWaitsForNothingMore() {
        pace.began(GroupPace.MANY);
        now += 5 * GroupPace.BETWEEN_NANOS;
        assertThat(pace.left()).isZero();
    }

    @Test
    void theWaitingEndsWithTheMany() {
        pace.began(GroupPace.MANY);
        pace.began(1);
        assertThat(pace.left()).isZero();
    }
}
