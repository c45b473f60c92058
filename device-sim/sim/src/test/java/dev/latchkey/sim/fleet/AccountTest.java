package dev.latchkey.sim.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.envelope.SenderUrn;
import dev.latchkey.senml.MalformedPackException;
import dev.latchkey.senml.Measurement;
import dev.latchkey.sim.weather.DailyWeather;
import dev.latchkey.sim.weather.WeatherFile;
import dev.latchkey.sim.weather.WeatherPack;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AccountTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Plan plan = Plan.of(List.of("d-a", "d-b"), WeatherFile.seattle(), 2, 1);
    private final Account account = new Account(plan, "seattle", nanos::get);
    private final Reading first = plan.readings().get(0);
    private final Reading second = plan.readings().get(1);

    private static List<Measurement> arrived(DailyWeather day, String sender) throws MalformedPackException {
        return WeatherPack.of(day).resolveFrom(SenderUrn.of("seattle", sender));
    }

    private void opened(Reading reading, String by) throws MalformedPackException {
        account.opened(by, reading.sender(), arrived(reading.day(), reading.sender()));
    }

    private void sent(Reading reading) {
        account.sending(reading);
        account.acknowledged(reading);
    }

    @Test
    void isFulfilledWhenEachReadingWasOpenedOnce() throws MalformedPackException {
        AtomicLong openings = new AtomicLong();
        account.whenOpened(openings::incrementAndGet);
        sent(first);
        nanos.addAndGet(5_000);
        sent(second);
        opened(first, first.recipient());
        assertThat(account.allOpened()).isNotDone();
        opened(second, second.recipient());

        assertThat(account.allOpened()).isCompleted();
        assertThat(account.isFulfilled()).isTrue();
        assertThat(account.faults()).isEmpty();
        assertThat(openings).hasValue(2);
        assertThat(account.equal()).isEqualTo(2);
        assertThat(account.latencies().percentile(1)).isEqualTo(Duration.ofNanos(5_000));
    }

    @Test
    void namesWhatWasAcknowledgedAndNeverOpened() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(second, second.recipient());
        assertThat(account.isFulfilled()).isFalse();
        assertThat(account.faults()).containsExactly(first + " was acknowledged and never opened");
        assertThat(first.toString()).contains("row 2", "2012-01-01");
    }

    @Test
    void namesWhatArrivedTwice() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(first, first.recipient());
        opened(first, first.recipient());
        opened(second, second.recipient());
        assertThat(account.isFulfilled()).isFalse();
        assertThat(account.faults()).containsExactly(first + " arrived 2 times");
    }

    @Test
    void namesWhatDiffersFromItsSource() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(second, second.recipient());
        DailyWeather day = first.day();
        DailyWeather other = new DailyWeather(
                day.row(), day.date(), day.precipitationMm(), day.highCel(), day.lowCel(), day.highCel());
        account.opened(first.recipient(), first.sender(), arrived(other, first.sender()));
        assertThat(account.opened()).isEqualTo(2);
        assertThat(account.equal()).isEqualTo(1);
        assertThat(account.faults()).containsExactly(first + " wind is not 4.7 m/s");
    }

    @Test
    void aReadingOfNobodyAndOneThatOthersOpenedAreFaults() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(first, "d-c");
        opened(second, second.recipient());
        account.opened("d-b", "d-a", arrived(WeatherFile.seattle().get(900), "d-a"));
        assertThat(account.isFulfilled()).isFalse();
        assertThat(account.faults())
                .containsExactly("a reading that nobody sent, from d-a to d-b", first + " was opened by d-c");
    }

    @Test
    void tellsHowManyFaultsItDoesNotShow() {
        Plan manyReadings = Plan.of(List.of("d-a", "d-b"), WeatherFile.seattle(), 60, 1);
        Account long60 = new Account(manyReadings, "seattle", nanos::get);
        assertThat(long60.faults()).containsExactly("60 of 60 readings were not sent");
        manyReadings.readings().stream().limit(50).forEach(long60::sending);
        assertThat(long60.faults())
                .hasSize(22)
                .contains("and 30 more", "10 of 60 readings were not sent")
                .first()
                .asString()
                .endsWith("was neither acknowledged nor opened");
    }
}
