package dev.latchkey.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sim.process.Launcher;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A gateway's process under more readings than it can take, in a size that proves no speed. */
@Isolated("compares speeds")
class OverloadIT {
    private static final int MIB = 1 << 20;

    @Test
    void goesOnUnderThreeTimesWhatItCanTake() throws Exception {
        Launcher launcher = new Launcher(Path.of(System.getProperty("latchkey.root"), "latchkey"));

        OverloadBench.Result result = new OverloadBench(launcher, 0.7, 10, 60, 0, false).measure(() -> {});

        OpenLoad.Outcome open = result.open();
        // A busy neighbour takes from one and not from the other.
        assertThat(open.goodput()).as(result.toString()).isGreaterThan(0.3 * Math.min(result.before(), result.after()));
        assertThat(open.otherwise()).as("answers but 2.04, 5.03 and 4.29").isZero();
        assertThat(open.taken() + open.told()).isLessThanOrEqualTo(open.sent());
        assertThat(result.recovery()).isLessThan(Duration.ofSeconds(25));
        assertThat(result.peakAfter()).as("of a heap of 512 MiB").isLessThan(1_500L * MIB);
    }
}
