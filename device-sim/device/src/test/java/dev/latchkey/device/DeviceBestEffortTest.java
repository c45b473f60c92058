package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readings that may get lost, and a gateway that asks for quiet. */
class DeviceBestEffortTest extends DeviceFixture {
    @BeforeEach
    void waitLongEnoughForAnAnswer() {
        // That is the time of an ACK; on a busy machine an answer takes its time.
        settings = settings.withOptions(settings.options().withRetransmission(Duration.ofMillis(600), 2));
    }

    private static Acknowledged sendOnce(Device from, double value) throws Exception {
        return Device.await(from.send("bob", pack(value), Delivery.BEST_EFFORT), LONGEST);
    }

    @Test
    void aBestEffortReadingThatIsAnsweredIsConfirmed() throws Exception {
        Listening heard = listen(join("bob"));
        Device ann = join("ann");
        Acknowledged first = sendOnce(ann, 1);
        assertThat(first.confirmed()).isTrue();
        assertThat(first.openerBytes()).isPositive();
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0));
    }

    @Test
    void aBestEffortReadingIsSentOnceAndTheFourthOfARowWithoutAnswerIsConfirmed() throws Exception {
        join("bob");
        Device ann = join("ann");
        send(ann, "bob", 0);
        long before = gateway.count("m");
        for (int i = 1; i <= 3; i++) {
            gateway.loseAnswer("m");
            assertThat(sendOnce(ann, i).confirmed()).isFalse();
        }
        assertThat(gateway.count("m")).isEqualTo(before + 3);
        gateway.loseAnswer("m");
        assertThat(sendOnce(ann, 4).confirmed()).isTrue();
        assertThat(gateway.count("m")).isEqualTo(before + 5);
    }

    @Test
    void whileTheGatewayAsksForQuietNoBestEffortReadingIsSent() throws Exception {
        join("bob");
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Device ann = keep(Device.await(
                Device.join(
                        temp.resolve("ann"),
                        gateway.handOver("*"),
                        "ann",
                        settings.withClock(new SetClock(now)),
                        threads),
                LONGEST));
        send(ann, "bob", 0);
        long before = gateway.count("m");
        gateway.fault(
                "m", TestGateway.problem(Code.TOO_MANY_REQUESTS, "too-many").withMaxAge(30));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> sendOnce(ann, 1)).isInstanceOfSatisfying(DeviceException.class, e -> {
                assertThat(e.kind()).isEqualTo(DeviceException.Kind.UNREACHABLE);
                assertThat(e.problemCode()).contains("too-many");
            });
        }
        assertThat(gateway.count("m")).isEqualTo(before + 1);
        now.updateAndGet(then -> then.plusSeconds(31));
        assertThat(sendOnce(ann, 2).confirmed()).isTrue();
    }

    @Test
    void aBestEffortReadingInASessionThatIsOverGoesIntoANewOne() throws Exception {
        Listening heard = listen(join("bob"));
        Device ann = join("ann");
        Acknowledged first = sendOnce(ann, 1);
        synchronized (gateway) {
            gateway.sessions.clear();
        }
        assertThat(sendOnce(ann, 2).session()).isNotEqualTo(first.session());
        await().untilAsserted(() -> assertThat(heard.values).containsExactly(1.0, 2.0));
    }

    @Test
    void aConfirmedReadingWaitsAsLongAsTheGatewayAsked() throws Exception {
        join("bob");
        Device ann = join("ann");
        send(ann, "bob", 0);
        for (Code code : new Code[] {Code.SERVICE_UNAVAILABLE, Code.TOO_MANY_REQUESTS}) {
            gateway.fault("m", TestGateway.problem(code, "overloaded").withMaxAge(1));
            Instant began = Instant.now();
            assertThat(send(ann, "bob", 1).confirmed()).isTrue();
            assertThat(Instant.now()).isAfterOrEqualTo(began.plusSeconds(1));
        }
    }
}
