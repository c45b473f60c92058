package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whose clock is wrong. */
class PeerClocksTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private long nanos = Long.MAX_VALUE - 5; // a monotonic clock may pass over the end
    private Instant wall = NOW;
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return wall;
        }
    };

    private PeerClocks clocks(String... others) {
        PeerClocks clocks = new PeerClocks("n1", Duration.ofSeconds(30), clock, () -> nanos);
        clocks.members(List.of(others));
        return clocks;
    }

    private void tell(PeerClocks clocks, String member, Duration ahead) {
        clocks.tell(member, wall.plus(ahead).toEpochMilli(), nanos);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    @Test
    void ofThreeItIsWrongIfBothOthersSaySo() {
        for (Duration off : List.of(DAY, DAY.negated(), Duration.ofSeconds(31), Duration.ofSeconds(-31))) {
            PeerClocks clocks = clocks("n2", "n3");
            tell(clocks, "n2", off);
            assertThat(clocks.isWrong()).isFalse();
            assertThat(clocks.isKnown()).isFalse();
            tell(clocks, "n3", off.multipliedBy(2));
            assertThat(clocks.isWrong()).as("%s", off).isTrue();
            assertThat(clocks.mayOrder()).isFalse();
            assertThat(clocks.mayLead("n1")).isFalse();
            assertThat(clocks.mayLead("n2")).isTrue();
            assertThat(clocks.ahead()).isEqualTo(Map.of("n2", off.negated(), "n3", off.multipliedBy(-2)));
        }
    }

    @Test
    void anothersWrongClockIsNotTheOwn() {
        PeerClocks clocks = clocks("n2", "n3");
        tell(clocks, "n2", DAY);
        tell(clocks, "n3", Duration.ofSeconds(20));
        assertThat(clocks.mayOrder()).isTrue();
        assertThat(clocks.mayLead("n2")).isFalse();
        assertThat(clocks.mayLead("n3")).isTrue();
        assertThat(clocks.mayLead("somebody")).as("of whom nothing is known").isTrue();
    }

    @Test
    void theOneInTheMiddleIsRight() {
        PeerClocks clocks = clocks("n2", "n3");
        tell(clocks, "n2", DAY);
        tell(clocks, "n3", DAY.negated());
        assertThat(clocks.isWrong()).isFalse();
        assertThat(clocks.mayLead("n2")).isFalse();
        assertThat(clocks.mayLead("n3")).isFalse();
    }

    @Test
    void ofTwoNobodyCanTell() {
        PeerClocks clocks = clocks("n2");
        tell(clocks, "n2", DAY);
        assertThat(clocks.isWrong()).isFalse();
        assertThat(clocks.mayLead("n2")).isTrue();
    }

    @Test
    void aJumpIsNoticedBeforeAnybodyIsAskedAgain() {
        PeerClocks clocks = clocks("n2", "n3");
        tell(clocks, "n2", Duration.ZERO);
        tell(clocks, "n3", Duration.ZERO);
        pass(Duration.ofSeconds(20));
        assertThat(clocks.mayOrder()).isTrue();
        wall = wall.plus(DAY);
        assertThat(clocks.mayOrder()).isFalse();
        wall = wall.minus(DAY);
        assertThat(clocks.mayOrder()).isTrue();
    }

    @Test
    void afterAStartTheOthersAreWaitedForAndNotForEver() {
        PeerClocks clocks = clocks("n2", "n3");
        assertThat(clocks.mayOrder()).isFalse();
        tell(clocks, "n2", Duration.ZERO);
        assertThat(clocks.mayOrder()).as("two of three agree").isTrue();

        PeerClocks alone = clocks("n2", "n3");
        tell(alone, "n2", DAY);
        assertThat(alone.mayOrder()).as("the third decides").isFalse();
        pass(Duration.ofSeconds(11));
        assertThat(alone.mayOrder()).isTrue();
        assertThat(clocks().mayOrder()).as("the only member").isTrue();
    }

    @Test
    void whatWasToldLongAgoIsForgottenAsWhoLeft() {
        PeerClocks clocks = clocks("n2", "n3");
        tell(clocks, "n2", DAY);
        tell(clocks, "n3", DAY);
        pass(Duration.ofSeconds(31));
        assertThat(clocks.isWrong()).isFalse();
        assertThat(clocks.ahead()).isEmpty();
        tell(clocks, "n2", DAY);
        tell(clocks, "n3", DAY);
        clocks.members(List.of("n3"));
        assertThat(clocks.ahead()).containsOnlyKeys("n3");
        assertThat(TimeUnit.NANOSECONDS.toSeconds(nanos)).isNegative();
    }
}
