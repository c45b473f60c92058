package dev.latchkey.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sim.process.Launcher;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A cloud node's process that commits, in a size that proves no speed. */
class CommitIT {
    @Test
    void commitsTransactionsAndReadings() throws Exception {
        Launcher launcher = new Launcher(Path.of(System.getProperty("latchkey.root"), "latchkey"));

        CommitBench.Result result = new CommitBench(launcher, 5, 128, 2_560).measure(1, () -> {});

        assertThat(result.committed().median()).isLessThan(500);
        assertThat(result.receipted().median())
                .as("the receipt comes after the block")
                .isGreaterThanOrEqualTo(result.committed().median());
        assertThat(result.signatures()).isPositive();
        assertThat(result.single()).isPositive();
        assertThat(result.several()).isPositive();
    }
}
