package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leaders that had better not lead: their clock is wrong, or they do not sign. */
class WrongClockTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    @Test
    void handOnTheLead() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 2)) {
            cluster.startAll();
            leadsWithAnotherClock(cluster, DAY, join(cluster, 0));
            leadsWithAnotherClock(cluster, DAY.negated(), join(cluster, 1));
            cluster.assertEqualStores(2);
            leadsWithoutSigning(cluster);
            cluster.submit(0, join(cluster, 2));
        }
    }

    private static void leadsWithAnotherClock(TestCluster cluster, Duration off, SignedTransaction join)
            throws Exception {
        int victim = cluster.leader("chains");
        TestClient client = cluster.client(victim, cluster.network.gateway.dtls());
        TestCluster.patiently().until(() -> knowsClocks(client));
        cluster.clock(victim).set(off);
        HttpResponse<byte[]> answer = client.get("/readyz");
        assertThat(Problem.decode(Bytes.wrap(answer.body())))
                .isEqualTo(new Problem("not-ready", Unready.CLOCK.reason()));
        cluster.submit(victim, join); // by way of the next leader
        TestCluster.patiently()
                .until(() -> cluster.leader("chains") != victim && cluster.leader("mailboxes") != victim);
        int next = cluster.leader("chains");
        TestCluster.patiently() // until it has a head to show its blocks under
                .untilAsserted(
                        () -> assertThat(newestTime(cluster, next)).isLessThan(System.currentTimeMillis() + 60_000));
        TestCluster.patiently().until(() -> client.body("/metrics").toUtf8().contains("latchkey_alarm_clock 1.0"));
        TestCluster.patiently().until(() -> knowsThatItIsOff(cluster, next, victim));
        assertThat(lead(cluster, next, victim))
                .as("nor does an operator hand it the lead")
                .isEqualTo(409);
        cluster.clock(victim).set(Duration.ZERO);
        cluster.awaitReady(victim);
    }

    private static void leadsWithoutSigning(TestCluster cluster) throws Exception {
        int victim = (cluster.leader("chains") + 1) % 3;
        cluster.stop(victim);
        cluster.loseGuard(victim);
        cluster.start(victim);
        cluster.awaitLed(victim);
        int before = cluster.leader("chains");
        TestCluster.patiently()
                .until(() -> lead(cluster, cluster.leader("chains"), victim) == 204
                        && lead(cluster, victim, victim) == 204); // an operator means it
        TestCluster.patiently().during(Duration.ofSeconds(1)).until(() -> cluster.leader("chains") == victim);
        TestCluster.patiently().until(() -> cluster.leader("chains") != victim || lead(cluster, victim, before) == 204);
        TestCluster.patiently() // as an election might do
                .until(() -> isHanded(cluster, victim));
        TestCluster.patiently().until(() -> cluster.leader("chains") != victim);
    }

    private static boolean isHanded(TestCluster cluster, int node) throws Exception {
        int leader = cluster.leader("chains");
        return leader != node && lead(cluster, leader, node) == 204;
    }

    private static boolean knowsClocks(TestClient client) throws Exception {
        String[] lines = client.body("/metrics").toUtf8().split("\n");
        return Stream.of(lines)
                        .filter(line -> line.startsWith("latchkey_clock_ahead_seconds{"))
                        .count()
                == 3;
    }

    /** The members ask each other once a second. */
    private static boolean knowsThatItIsOff(TestCluster cluster, int node, int victim) throws Exception {
        String start = "latchkey_clock_ahead_seconds{member=\""
                + cluster.member(victim).id() + "\"} ";
        String metrics = cluster.client(node, cluster.network.gateway.dtls())
                .body("/metrics")
                .toUtf8();
        return metrics.lines()
                .filter(line -> line.startsWith(start))
                .anyMatch(line -> Math.abs(Double.parseDouble(line.substring(start.length()))) > DAY.toSeconds() / 2);
    }

    private static int lead(TestCluster cluster, int asked, int next) throws Exception {
        Bytes id = Cbor.encode(Cbor.text(cluster.member(next).id()));
        HttpResponse<byte[]> answer = cluster.client(asked, cluster.key(asked)).post("/v1/cluster/chains/leader", id);
        return answer.statusCode();
    }

    private static long newestTime(TestCluster cluster, int node) throws Exception {
        BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
        VerifiedBlock last = null;
        for (Item each : Cbor.decodeSequence(
                cluster.client(node, cluster.network.gateway.dtls()).body("/v1/chains/{c}/blocks?from=0"), 64 << 20)) {
            Item block = each.asArray(3).get(1);
            if (!block.isNull()) {
                last = last == null
                        ? verifier.verifyGenesis(cluster.network.chain, block.asBytes())
                        : verifier.verify(last.after(), block.asBytes());
            }
        }
        return last.after().header().timeMillis();
    }

    private static SignedTransaction join(TestCluster cluster, int number) {
        return cluster.network.join("d-" + number, Identity.generate(TestNetwork.RANDOM), cluster.network.voucher());
    }
}
