package dev.latchkey.sim.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.device.Acknowledged;
import dev.latchkey.device.Received;
import dev.latchkey.envelope.Contents;
import dev.latchkey.envelope.SenderUrn;
import dev.latchkey.senml.MalformedPackException;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.sim.measure.Meter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AccountTest {
    private static final Instant NOON = Instant.parse("2012-01-01T12:00:00Z");
    private static final Digest SESSION = Digest.sha256(Bytes.utf8("a session"));

    private final AtomicLong nanos = new AtomicLong();
    private final Meter meter = Meter.started();
    private final Account account = new Account(2, meter, nanos::get);
    private final Reading first = reading(0, "d-a", "d-b");
    private final Reading second = reading(1, "d-b", "d-a");

    private static Pack pack(String celsius) {
        return Pack.at(NOON, Record.of("t", "Cel", new BigDecimal(celsius)));
    }

    private static Reading reading(int number, String sender, String recipient) {
        return Reading.of(number, sender, recipient, new Observation("row " + (number + 2), NOON, pack("4." + number)));
    }

    private static Received received(Reading reading, int partialIv, Pack pack) throws MalformedPackException {
        return new Received(
                "seattle",
                reading.sender(),
                SESSION,
                NOON,
                OptionalInt.of(partialIv),
                new Contents(pack, pack.resolveFrom(SenderUrn.of("seattle", reading.sender())), true));
    }

    private void sent(Reading reading) {
        account.sending(reading);
        acknowledged(reading);
    }

    private void acknowledged(Reading reading) {
        account.acknowledged(reading, new Acknowledged(reading.recipient(), SESSION, reading.number(), 45, 0, true));
    }

    private void opened(Reading reading, String by) throws MalformedPackException {
        account.opened(
                by, received(reading, reading.number(), reading.observation().pack()));
    }

    @Test
    void isFulfilledWhenEachReadingWasOpenedOnceInWhateverOrderThatIsTold() throws MalformedPackException {
        AtomicLong openings = new AtomicLong();
        account.whenOpened(openings::incrementAndGet);
        sent(first);
        account.sending(second);
        nanos.addAndGet(5_000);
        opened(first, "d-b");
        opened(second, "d-a");
        assertThat(account.opened()).isEqualTo(1);
        assertThat(account.sendingOver()).isNotDone();
        nanos.addAndGet(5_000);
        acknowledged(second);

        assertThat(account.sendingOver()).isCompleted();
        assertThat(account.faults()).isEmpty();
        assertThat(account.isFulfilled()).isTrue();
        assertThat(openings).hasValue(2);
        assertThat(account.equal()).isEqualTo(2);
        assertThat(meter.timeline().opened().maxNanos()).isBetween(4_000L, 6_000L);
        assertThat(meter.timeline().acknowledged().maxNanos()).isBetween(9_000L, 11_000L);
    }

    @Test
    void namesWhatWasAcknowledgedAndNeverOpened() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(second, "d-a");
        assertThat(account.sendingOver()).isNotDone();
        assertThat(account.isFulfilled()).isFalse();
        assertThat(account.faults()).containsExactly(first + " was acknowledged and never opened");
        assertThat(first.toString()).contains("row 2");
    }

    @Test
    void namesWhatArrivedTwice() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(first, "d-b");
        opened(first, "d-b");
        opened(second, "d-a");
        assertThat(account.opened()).isEqualTo(2);
        assertThat(account.faults())
                .containsExactly("number 0 of a session from d-a arrived twice, the last time at d-b");
    }

    @Test
    void namesWhatDiffersFromItsSource() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(second, "d-a");
        account.opened("d-b", received(first, 0, pack("4.01")));
        assertThat(account.opened()).isEqualTo(2);
        assertThat(account.equal()).isEqualTo(1);
        assertThat(account.faults()).containsExactly(first + " t is not 4 Cel");
    }

    @Test
    void aNumberInAnotherFormIsTheSameNumber() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(second, "d-a");
        account.opened("d-b", received(first, 0, pack("4")));
        assertThat(account.faults()).isEmpty();
    }

    @Test
    void aReadingOfNobodyAndOneThatOthersOpenedAreFaults() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(first, "d-c");
        opened(second, "d-a");
        account.opened("d-b", received(first, 900, pack("1")));
        assertThat(account.faults())
                .containsExactly("a reading that nobody sent, from d-a to d-b", first + " was opened by d-c");
    }

    @Test
    void whatCouldNotBeSentIsAFaultAndCountsByKind() throws MalformedPackException {
        sent(first);
        opened(first, "d-b");
        account.sending(second);
        account.refused(second, "unreachable", "nobody there");
        assertThat(account.sendingOver()).isCompleted();
        assertThat(account.refusals()).isEqualTo(Map.of("unreachable", 1L));
        assertThat(account.faults()).containsExactly(second + " could not be sent: nobody there");
        // Only the acknowledgement was lost: that is said, and is nobody else's reading.
        opened(second, "d-a");
        assertThat(account.faults())
                .containsExactly(second + " could not be sent: nobody there (it arrived all the same)");
    }

    @Test
    void whatIsToBeRefusedIsAFaultOnlyIfItIsNot() throws MalformedPackException {
        sent(first);
        sent(second);
        opened(first, "d-b");
        opened(second, "d-a");
        Reading toOneThatLeft = new Reading(7, "d-a", "d-gone", first.observation(), false);
        account.sending(toOneThatLeft);
        account.refused(toOneThatLeft, "not-active", "it has left");
        assertThat(account.isFulfilled()).isTrue();
        assertThat(account.expectedRefusals()).isEqualTo(Map.of("not-active", 1L));
        assertThat(account.refusals()).isEmpty();

        Reading again = new Reading(8, "d-a", "d-gone", first.observation(), false);
        account.sending(again);
        acknowledged(again);
        assertThat(account.faults()).hasSize(1).first().asString().startsWith(again.toString());
    }

    @Test
    void tellsWhenNothingIsUnderWayToAMember() throws MalformedPackException {
        assertThat(account.drained("d-b")).isCompleted();
        sent(first);
        sent(second);
        assertThat(account.drained("d-b")).isNotDone();
        opened(second, "d-a");
        var drained = account.drained("d-b");
        assertThat(drained).isNotDone();
        opened(first, "d-b");
        assertThat(drained).isCompleted();
    }

    @Test
    void tellsHowManyFaultsItDoesNotShow() {
        Account of60 = new Account(60, meter, nanos::get);
        assertThat(of60.faults()).containsExactly("60 of 60 readings were not sent");
        for (int number = 0; number < 50; number++) {
            of60.sending(reading(number, "d-a", "d-b"));
        }
        assertThat(of60.faults())
                .hasSize(22)
                .contains("and 30 more", "10 of 60 readings were not sent")
                .first()
                .asString()
                .endsWith("was neither acknowledged nor opened");
    }
}
