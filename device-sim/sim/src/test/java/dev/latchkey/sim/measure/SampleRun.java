package dev.latchkey.sim.measure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** A run that never was, with everything in it that a report shows. The same each time. */
final class SampleRun {
    /** A kind of error from somebody who wants to be on the page as more than text. */
    static final String HOSTILE = "<script>alert('x')</script>&\"";

    private static final long MILLI = 1_000_000;

    private SampleRun() {}

    /** Joins for a third of the time, then sends, with a storm in between; ends with a failure of the outcome or not. */
    static Run of(int seconds, boolean passed) {
        SplittableRandom random = new SplittableRandom(7);
        TestTime time = new TestTime();
        Meter meter = time.meter();
        long[] wire = new long[4];
        meter.wire(() -> new WireCounts(wire[0], wire[1], wire[2], wire[3]));
        meter.phase("join", "joined", 400);
        int joining = seconds / 4;
        int storm = seconds * 6 / 10;
        Deque<Long> late = new ArrayDeque<>();
        for (int second = 0; second < seconds; second++) {
            if (second == joining) {
                meter.phase("send", Meter.OPENED, 30_000);
            }
            if (second == storm) {
                meter.phase("storm: everybody reconnects", "reconnected", 400);
            }
            if (second == storm + 12) {
                meter.phase("send on", Meter.OPENED, 20_000);
            }
            boolean stormy = second >= storm && second < storm + 12;
            if (second < joining) {
                for (int i = 0; i < 20; i++) {
                    meter.event("joined", (long) (280 * MILLI * (0.6 + random.nextExponential())));
                }
                pass(wire, 300, 90);
            } else {
                int rate = stormy ? 60 + random.nextInt(40) : 290 + random.nextInt(40);
                for (int i = 0; i < rate; i++) {
                    meter.sent();
                    double slow = stormy ? 25 : 1;
                    long ack = (long) (9 * MILLI * slow * (0.4 + random.nextExponential()));
                    if (random.nextInt(stormy ? 12 : 900) == 0) {
                        meter.failed(random.nextBoolean() ? "no answer" : stormy ? "handshake" : HOSTILE);
                    } else {
                        meter.acknowledged(ack);
                        late.add(ack + (long) (14 * MILLI * slow * (0.5 + random.nextExponential())));
                    }
                }
                if (stormy) {
                    for (int i = 0; i < 33; i++) {
                        meter.event("reconnected", (long) (700 * MILLI * (0.5 + random.nextExponential())));
                    }
                }
                while (late.size() > rate / 12) {
                    meter.opened(late.remove());
                }
                int waiting = stormy ? 40 + random.nextInt(70) : random.nextInt(9);
                for (int i = 0; i < waiting; i++) {
                    meter.sent();
                }
                time.occupies(100_000_000 + 4_000_000L * second + random.nextInt(20_000_000));
                pass(wire, rate + (stormy ? 600 : 0), 88);
                time.passes(1);
                for (int i = 0; i < waiting; i++) {
                    meter.acknowledged(1500 * MILLI);
                    late.add(1600 * MILLI);
                }
                continue;
            }
            time.passes(1);
        }
        late.forEach(meter::opened);
        time.passes(0.7);
        return run(meter.timeline(), passed);
    }

    static Run run(Timeline timeline, boolean passed) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("--devices", "400");
        settings.put("--loss", "2 %");
        settings.put("--delay", "40 ms +- 10 ms");
        settings.put("--replay", HOSTILE);
        Outcome outcome = passed
                ? Outcome.passed("every reading was opened once by its recipient and equals its source")
                : Outcome.failed(List.of(
                        "12 of 30,000 readings were neither acknowledged nor opened",
                        "d-17 to d-4, line 812: was opened and never acknowledged " + HOSTILE));
        return new Run(
                "lossy",
                OptionalLong.of(7),
                settings,
                Map.of("equal to the source", "29,988 of 30,000"),
                new Machine(2, 8_200_000_000L, "17.0.15+6", "Linux amd64"),
                outcome,
                timeline);
    }

    private static void pass(long[] wire, long datagrams, long bytesEach) {
        wire[0] += datagrams;
        wire[1] += datagrams * bytesEach;
        wire[2] += datagrams;
        wire[3] += datagrams * 45;
    }
}
