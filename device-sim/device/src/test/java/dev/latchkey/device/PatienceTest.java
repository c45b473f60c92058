package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.protocol.Problem;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final DeviceThreads threads = new DeviceThreads(1, 1);
    private final DeviceSettings settings = DeviceSettings.standard(TestGateway.VERIFIER)
            .withPatience(Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofSeconds(5));
    private final Patience patience = new Patience(settings, threads, new Lane(threads.work()));
    private final AtomicInteger tries = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.close();
    }

    private CompletableFuture<String> passing() {
        return CompletableFuture.failedFuture(new Patience.Passing("not now", Duration.ZERO, null));
    }

    @Test
    void whatFailsForAPassingReasonIsRepeated() throws Exception {
        CompletableFuture<String> done = patience.attempt(
                () -> tries.incrementAndGet() < 5 ? passing() : CompletableFuture.completedFuture("done"));
        assertThat(Device.await(done, LONGEST)).isEqualTo("done");
        assertThat(tries).hasValue(5);
    }

    @Test
    void whatFailsForGoodIsNot() {
        CompletableFuture<String> failed = patience.attempt(() -> {
            tries.incrementAndGet();
            return CompletableFuture.failedFuture(new DeviceException(DeviceException.Kind.UNPROVED, "no proof"));
        });
        assertThatThrownBy(() -> Device.await(failed, LONGEST)).isInstanceOf(DeviceException.class);
        assertThat(tries).hasValue(1);
    }

    @Test
    void itEndsWithItsTime() {
        Patience brief = new Patience(
                settings.withPatience(Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofMillis(20)),
                threads,
                new Lane(threads.work()));
        assertThatThrownBy(() -> Device.await(brief.attempt(this::passing), LONGEST))
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.kind()).isEqualTo(DeviceException.Kind.UNREACHABLE));
    }

    @Test
    void whatTheGatewaySaidIsToldWhenTheTimeIsOver() {
        Patience brief = new Patience(
                settings.withPatience(Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofMillis(20)),
                threads,
                new Lane(threads.work()));
        CompletableFuture<String> failed = brief.attempt(() -> CompletableFuture.failedFuture(
                new Patience.Passing(new Problem("cloud-away", ""), Duration.ofSeconds(10))));
        assertThatThrownBy(() -> Device.await(failed, LONGEST)).isInstanceOfSatisfying(DeviceException.class, e -> {
            assertThat(e.kind()).isEqualTo(DeviceException.Kind.UNREACHABLE);
            assertThat(e.problemCode()).contains("cloud-away");
        });
    }

    @Test
    void itEndsWhenTheDeviceIsClosed() {
        CompletableFuture<String> waiting = patience.attempt(() -> {
            patience.close();
            return passing();
        });
        assertThatThrownBy(() -> Device.await(waiting, LONGEST))
                .isInstanceOfSatisfying(
                        DeviceException.class, e -> assertThat(e.kind()).isEqualTo(DeviceException.Kind.CLOSED));
    }

    @Test
    void waitsGrowByNoMoreThanTheyMayAndHeedWhatTheGatewayAsked() {
        for (int i = 0; i < 100; i++) {
            assertThat(patience.wait(Duration.ofMillis(100), Optional.empty()))
                    .isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
            assertThat(patience.wait(Duration.ofMillis(100), Optional.of(Duration.ofSeconds(3))))
                    .isBetween(Duration.ofMillis(3_050), Duration.ofMillis(3_100));
        }
    }
}
