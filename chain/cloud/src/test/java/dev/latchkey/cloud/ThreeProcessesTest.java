package dev.latchkey.cloud;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three processes that meets with everything in turn, under load; its seed is {@code latchkey.seed}. */
@Order(1)
class ThreeProcessesTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void losesNothingAndNeverGoesBack() throws Exception {
        long seed = Long.getLong("latchkey.seed", System.nanoTime());
        try (ProcessCluster cluster = new ProcessCluster(directory)) {
            cluster.start(0, 1, 2);
            ClusterTrial trial = new ClusterTrial(cluster, seed, 2);
            Random random = new Random(seed);
            for (int i = 0; i < 5; i++) {
                trial.kill(random, i);
            }
            trial.pause(Duration.ofSeconds(2));
            trial.partition();
            trial.restartAll();
            trial.end();
        }
    }
}
