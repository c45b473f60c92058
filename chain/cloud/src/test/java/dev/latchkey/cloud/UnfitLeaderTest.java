package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cloud.chain.Alarm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a leader hands on the lead. */
class UnfitLeaderTest {
    private long nanos;
    private boolean clockWrong;
    private boolean kept;
    private List<Alarm> alarms = List.of();
    private Optional<String> ready = Optional.of("n2");
    private final List<String> handed = new ArrayList<>();
    private final UnfitLeader unfit = new UnfitLeader(new Leads(), () -> nanos);

    private final class Leads implements UnfitLeader.Leads {
        @Override
        public List<String> led() {
            return List.of("chains", "mailboxes");
        }

        @Override
        public boolean isKept(String group) {
            return kept;
        }

        @Override
        public boolean isClockWrong() {
            return clockWrong;
        }

        @Override
        public List<Alarm> alarms(String group) {
            return group.equals("chains") ? alarms : List.of();
        }

        @Override
        public Optional<String> next(String group) {
            return ready;
        }

        @Override
        public void transfer(String group, String member) {
            handed.add(group + ">" + member);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoDoesNotSignHandsOnUnlessItIsNoReplica(Alarm alarm) {
        alarms = List.of(Alarm.NONE, alarm);
        unfit.look();
        if (alarm == Alarm.NONE || alarm == Alarm.NOT_A_REPLICA) {
            assertThat(handed).isEmpty();
        } else {
            assertThat(handed).containsExactly("chains>n2");
        }
    }

    @Test
    void whoseClockIsWrongHandsOnAllGroups() {
        clockWrong = true;
        unfit.look();
        assertThat(handed).containsExactly("chains>n2", "mailboxes>n2");
    }

    @Test
    void whereNobodyIsReadyTheLeadStays() {
        clockWrong = true;
        alarms = List.of(Alarm.DISK);
        ready = Optional.empty();
        unfit.look();
        assertThat(handed).isEmpty();
        ready = Optional.of("n3");
        unfit.look();
        assertThat(handed).containsExactly("chains>n3", "mailboxes>n3");
    }

    @Test
    void whatAnOperatorWantedIsNotUndone() {
        alarms = List.of(Alarm.GUARD_LOST);
        kept = true;
        unfit.look();
        assertThat(handed).isEmpty();
        kept = false;
        unfit.look();
        assertThat(handed).containsExactly("chains>n2");
    }

    @Test
    void aLeadThatComesBackIsHandedOnEverMoreSeldom() {
        alarms = List.of(Alarm.DISK);
        for (int second = 0; second < 600; second++) {
            unfit.look();
            nanos += TimeUnit.SECONDS.toNanos(1);
        }
        assertThat(handed).hasSize(7); // after 0, 5, 15, 35, 75, 155 and 315 s; the next one 300 s later
        nanos += TimeUnit.HOURS.toNanos(1);
        unfit.look();
        nanos += TimeUnit.SECONDS.toNanos(5);
        unfit.look();
        assertThat(handed).as("after an hour of rest as at first").hasSize(9);
    }
}
