package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.transaction.Identity;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
    @TempDir
    Path directory;

    @Test
    void goesOnWithoutItsLeaderAndCatchesUpAfterwards() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 1)) {
            cluster.startAll();
            for (int i = 0; i < 3; i++) {
                cluster.submit(i, join(cluster, "d-" + i));
            }
            int leader = cluster.leader("chains");
            cluster.stop(leader);
            long stopped = System.nanoTime();
            int other = (leader + 1) % 3;
            cluster.submit(other, join(cluster, "d-3"));
            System.out.println("fail-over ms " + (System.nanoTime() - stopped) / 1_000_000);
            cluster.submit((leader + 2) % 3, join(cluster, "d-4"));
            cluster.start(leader);
            cluster.awaitReady(leader);
            cluster.submit(leader, join(cluster, "d-5"));
            for (int i = 0; i < 3; i++) {
                TestClient client = cluster.client(i, cluster.network.gateway.dtls());
                for (int member = 0; member < 6; member++) {
                    assertThat(client.get("/v1/chains/{c}/keys/d-" + member).statusCode())
                            .isEqualTo(200);
                }
            }
        }
    }

    private static dev.latchkey.transaction.SignedTransaction join(TestCluster cluster, String name) {
        return cluster.network.join(name, Identity.generate(TestNetwork.RANDOM), cluster.network.voucher());
    }
}
