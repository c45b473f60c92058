package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.console.Cli;
import dev.latchkey.protocol.Problem;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Sets the clocks of a cluster's processes by Debian's faketime, while they run. For one thread. */
final class WrongClocks {
    private static final String RIGHT = "+0";

    /** As much as a block may be ahead of the clock of whoever signs it. */
    private static final Duration AHEAD = Duration.ofSeconds(60);

    private static final int WRITES = 10;

    private final ProcessCluster cluster;

    /** For a cluster of which nothing runs yet. */
    WrongClocks(ProcessCluster cluster, Path faketime) throws IOException {
        this.cluster = cluster;
        for (int i = 0; i < ProcessCluster.SIZE; i++) {
            set(i, RIGHT);
            cluster.environments
                    .get(i)
                    .putAll(Map.of(
                            "LD_PRELOAD", faketime.toString(),
                            "FAKETIME_TIMESTAMP_FILE", file(i).toString(),
                            "FAKETIME_CACHE_DURATION", "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                            "FAKETIME_FORCE_MONOTONIC_FIX", "0")); // else no wait of the JVM waits
        }
    }

    private Path file(int index) {
        return cluster.home(index).resolve("clock");
    }

    private void set(int index, String offset) throws IOException {
        Files.writeString(file(index), offset + "\n");
    }

    /** A node's clock jumps; whoever led leads no more, nobody hands it the lead, and all goes on. */
    void jump(ClusterTrial trial, int victim, String offset) throws Exception {
        boolean led = cluster.leader(ClusterRecord.CHAINS) == victim;
        long moment = System.nanoTime();
        set(victim, offset);
        awaitWrong(victim);
        awaitOtherLeaders(victim);
        if (led) {
            trial.passed("leader's clock jumps " + offset, moment);
        }
        goOn(trial, victim, offset);
        set(victim, RIGHT);
        cluster.awaitServing(victim);
    }

    /** All are killed, and one of them starts with another clock. */
    void start(ClusterTrial trial, int victim, String offset) throws Exception {
        for (int i = 0; i < ProcessCluster.SIZE; i++) {
            cluster.kill(i);
        }
        set(victim, offset);
        for (int i = 0; i < ProcessCluster.SIZE; i++) {
            cluster.begin(i);
        }
        for (int i = 0; i < ProcessCluster.SIZE; i++) {
            cluster.process(i).awaitReady();
        }
        awaitWrong(victim);
        awaitOtherLeaders(victim);
        goOn(trial, victim, offset);
        set(victim, RIGHT);
        cluster.awaitServing(victim);
    }

    private void goOn(ClusterTrial trial, int victim, String offset) {
        for (int i = 0; i < WRITES; i++) {
            trial.passed("a clock " + offset, System.nanoTime());
        }
        String[] transfer = {
            "cluster", "transfer", "--config", cluster.config(victim).toString(), "--node", cluster.name(victim)
        };
        assertThat(Cli.run(CloudMain.command(), transfer)).isEqualTo(Cli.FAILED);
    }

    private void awaitWrong(int victim) {
        TestClient client = cluster.client(victim, cluster.network.gateway.dtls());
        TestCluster.patiently().until(() -> {
            HttpResponse<byte[]> answer = client.get("/readyz");
            return answer.statusCode() == 503
                    && Problem.decode(Bytes.wrap(answer.body())).detail().equals(Unready.CLOCK.reason());
        });
    }

    private void awaitOtherLeaders(int victim) {
        TestCluster.patiently()
                .until(() -> cluster.leader(ClusterRecord.CHAINS) != victim
                        && cluster.leader(ClusterRecord.MAILBOXES) != victim);
    }

    /** No block is from the future. */
    void assertNeverAhead(ClusterEnd end) {
        long latest = System.currentTimeMillis() + AHEAD.toMillis();
        assertThat(end.checkpoints().stream().mapToLong(Checkpoint::timeMillis))
                .allSatisfy(time -> assertThat(time).isLessThan(latest));
    }
}
