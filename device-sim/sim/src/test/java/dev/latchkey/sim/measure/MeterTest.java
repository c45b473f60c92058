package dev.latchkey.sim.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MeterTest {
    private static final long MILLI = 1_000_000;

    private final TestTime time = new TestTime();
    private final Meter meter = time.meter();

    @Test
    void countsInTheSecondInWhichThingsEnd() {
        meter.sent();
        meter.sent();
        time.passes(1);
        meter.acknowledged(500 * MILLI);
        meter.failed("timeout");
        meter.sentUnconfirmed();
        time.passes(1);
        meter.opened(1500 * MILLI);
        meter.event("joined", 40 * MILLI);
        time.passes(0.6);

        Timeline timeline = meter.timeline();
        assertThat(timeline.began()).isEqualTo(TestTime.BEGIN);
        assertThat(timeline.elapsedNanos()).isEqualTo(2_600 * MILLI);
        assertThat(timeline.slices()).extracting(Slice::sent).containsExactly(2L, 1L, 0L);
        assertThat(timeline.slices()).extracting(Slice::inFlight).containsExactly(2L, 0L, 0L);
        assertThat(timeline.slices())
                .extracting(slice -> slice.acknowledged().count())
                .containsExactly(0L, 1L, 0L);
        assertThat(timeline.slices()).extracting(Slice::failed).containsExactly(0L, 1L, 0L);
        assertThat(timeline.slices().get(2).events()).containsOnlyKeys("joined");
        assertThat(timeline.slices().get(2).widthNanos()).isEqualTo(600 * MILLI);
        assertThat(timeline.slices().get(1).cpuNanos()).isEqualTo(500 * MILLI);
        assertThat(timeline.sent()).isEqualTo(3);
        assertThat(timeline.unconfirmed()).isEqualTo(1);
        assertThat(timeline.failures()).containsOnlyKeys("timeout");
        assertThat(timeline.opened().p99Nanos()).isCloseTo(1500 * MILLI, within(15 * MILLI));
        assertThat(timeline.cpuNanos()).isEqualTo(1_300 * MILLI);
        assertThat(timeline.peakResidentBytes()).isEqualTo(100_000_000);
    }

    @Test
    void aSliverAtTheEndBelongsToTheSecondBefore() {
        meter.sent();
        time.passes(1);
        meter.sent();
        time.passes(0.01);

        List<Slice> slices = meter.timeline().slices();
        assertThat(slices).hasSize(1);
        assertThat(slices.get(0).sent()).isEqualTo(2);
        assertThat(slices.get(0).widthNanos()).isEqualTo(1_010 * MILLI);
        assertThat(slices.get(0).perSecond(2)).isCloseTo(1.98, within(0.01));
    }

    @Test
    void percentilesOfManyAreThoseOfAll() {
        for (int i = 1; i <= 1000; i++) {
            meter.acknowledged(i * MILLI);
            time.passes(0.01);
        }
        Latency all = meter.timeline().acknowledged();
        assertThat(all.count()).isEqualTo(1000);
        assertThat(all.p50Nanos()).isCloseTo(500 * MILLI, within(5 * MILLI));
        assertThat(all.p90Nanos()).isCloseTo(900 * MILLI, within(9 * MILLI));
        assertThat(all.p99Nanos()).isCloseTo(990 * MILLI, within(10 * MILLI));
        assertThat(all.maxNanos()).isCloseTo(1000 * MILLI, within(10 * MILLI));
    }

    @Test
    void hoursTakeNoMoreSlicesThanOneHourAndLoseNothing() {
        meter.wire(new Growing()::next);
        for (int second = 0; second < 7300; second++) {
            meter.sent();
            meter.acknowledged(second % 2 == 0 ? 10 * MILLI : 1000 * MILLI);
            time.passes(1);
        }
        Timeline timeline = meter.timeline();
        assertThat(timeline.widthNanos()).isEqualTo(4_000 * MILLI);
        assertThat(timeline.slices()).hasSizeLessThanOrEqualTo(Meter.MAX_SPANS);
        assertThat(timeline.slices().stream().mapToLong(Slice::sent).sum()).isEqualTo(7_300);
        assertThat(timeline.slices().stream()
                        .mapToLong(slice -> slice.acknowledged().count())
                        .sum())
                .isEqualTo(7_300);
        assertThat(timeline.slices().stream()
                        .mapToLong(slice -> slice.wire().upBytes())
                        .sum())
                .isEqualTo(timeline.wire().upBytes())
                .isPositive();
        long at = 0;
        for (Slice slice : timeline.slices()) {
            assertThat(slice.startNanos()).isEqualTo(at);
            at = slice.endNanos();
        }
        assertThat(at).isEqualTo(timeline.elapsedNanos());
        Latency merged = timeline.slices().get(0).acknowledged();
        assertThat(merged.p50Nanos()).isCloseTo(10 * MILLI, within(MILLI));
        assertThat(merged.p99Nanos()).isCloseTo(1000 * MILLI, within(10 * MILLI));
    }

    @Test
    void aMachineThatSleptForAWeekGoesOnAtOnce() {
        meter.sent();
        time.passes(7 * 86_400);
        meter.acknowledged(7 * 86_400_000L * MILLI);

        Timeline timeline = meter.timeline();
        assertThat(timeline.slices()).hasSizeLessThanOrEqualTo(Meter.MAX_SPANS);
        assertThat(timeline.acknowledged().maxNanos())
                .isCloseTo(PackedDurations.LONGEST_NANOS, within(PackedDurations.LONGEST_NANOS / 50));
    }

    @Test
    void phasesSayHowFarTheyCame() {
        meter.phase("join", "joined", 3);
        meter.event("joined", MILLI);
        meter.event("joined", MILLI);
        time.passes(2);
        meter.phase("send", Meter.OPENED, 10);
        meter.opened(MILLI);
        time.passes(1);

        assertThat(meter.timeline().phases())
                .containsExactly(
                        new Phase("join", 0, 2_000 * MILLI, "joined", 3, 2),
                        new Phase("send", 2_000 * MILLI, 3_000 * MILLI, Meter.OPENED, 10, 1));
    }

    @Test
    void namesFromOutsideAreBounded() {
        for (int i = 0; i < 1000; i++) {
            meter.fault("kind " + i);
            meter.event("event " + i, 1);
            meter.phase("phase " + i);
        }
        meter.fault("kind 0");
        Timeline timeline = meter.timeline();
        assertThat(timeline.failures()).hasSize(Meter.MAX_KINDS + 1).containsEntry("kind 0", 2L);
        assertThat(timeline.failures().get(Meter.OTHER)).isEqualTo(1000 - Meter.MAX_KINDS);
        assertThat(timeline.events()).hasSize(Meter.MAX_KINDS + 1);
        assertThat(timeline.phases()).hasSize(Meter.MAX_PHASES);

        Meter other = time.meter();
        other.fault("a\u001b[2J\nb" + "c".repeat(500));
        assertThat(other.timeline().failures().keySet())
                .allSatisfy(kind -> assertThat(kind)
                        .startsWith("a [2J b")
                        .hasSize(Meter.MAX_KIND_CHARACTERS)
                        .endsWith("..."));
    }

    @Test
    void theWireCountsFromWhenItIsTold() {
        Growing first = new Growing();
        meter.wire(first::next);
        time.passes(1);
        meter.sent();
        // Another relay, whose counts begin lower.
        meter.wire(() -> new WireCounts(1, 5, 1, 5));
        time.passes(1);

        Timeline timeline = meter.timeline();
        assertThat(timeline.wireMeasured()).isTrue();
        assertThat(timeline.wire().upBytes()).isEqualTo(200);
        assertThat(timeline.slices())
                .extracting(slice -> slice.wire().upBytes())
                .containsExactly(100L, 100L);
    }

    @Test
    void manyThreadsLoseNothing() throws InterruptedException {
        Meter shared = Meter.started();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch begin = new CountDownLatch(1);
        for (int t = 0; t < 8; t++) {
            threads.execute(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < 2_000; i++) {
                    shared.sent();
                    shared.acknowledged(i * 1000L);
                    if (i % 500 == 0) {
                        shared.timeline();
                    }
                }
            });
        }
        begin.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        Timeline timeline = shared.timeline();
        assertThat(timeline.sent()).isEqualTo(16_000);
        assertThat(timeline.acknowledged().count()).isEqualTo(16_000);
        assertThat(timeline.inFlight()).isZero();
        assertThat(timeline.slices().stream().mapToLong(Slice::sent).sum()).isEqualTo(16_000);
        assertThat(timeline.peakHeapBytes()).isPositive();
    }

    /** A wire on which 100 bytes pass each time that somebody asks. */
    private static final class Growing {
        private long asked = 49;

        WireCounts next() {
            asked++;
            return new WireCounts(asked, 100 * asked, asked, 50 * asked);
        }
    }
}
