package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.chain.ScrubSettings;
import dev.latchkey.cloud.store.Batch;
import dev.latchkey.cloud.store.Store;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas of one cluster that are not what their peers are: each says what is wrong, and the others go on. */
class DifferingReplicaTest {
    @TempDir
    Path directory;

    @Test
    void saysWhatIsWrongAndTheOthersGoOn() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, 1)) {
            cluster.scrub = new ScrubSettings(Duration.ofMillis(200), 64);
            cluster.startAll();
            submit(cluster, 0, "d-1");
            cluster.assertEqualStores(1);
            int sound = cluster.leader("chains"); // those who sign nothing give no receipts
            int spoilt = (sound + 1) % 3;
            int liar = (sound + 2) % 3;
            cluster.stop(spoilt);
            try (Store store = PlantedFlips.chains(cluster.data(spoilt).resolve("chains"))) {
                PlantedFlips.change(store, "records", 0, PlantedFlips::lastBit);
            }
            try (Store store = PlantedFlips.mailboxes(cluster.data(spoilt).resolve("mailboxes"))) {
                store.write(new Batch().put("tickets", Bytes.utf8("a row that"), Bytes.utf8("no other node has")));
            }
            convict(cluster, liar, sound);
            cluster.start(spoilt);
            aRecordThatNobodyReadIsFound(cluster, spoilt);
            TestCluster.patiently()
                    .untilAsserted(() -> assertThat(metrics(cluster, spoilt))
                            .as("it was not there when the evidence came")
                            .contains("latchkey_alarm_evidence 1.0"));
            TestCluster.patiently()
                    .untilAsserted(() -> assertThat(metrics(cluster, spoilt))
                            .contains("latchkey_alarm_mailboxes{group=\"mailboxes\"} 1.0"));
            assertThat(metrics(cluster, sound)).contains("latchkey_alarm_mailboxes{group=\"mailboxes\"} 0.0");
            submit(cluster, sound, "d-2");
            anotherHeadThanTheReplicas(cluster, spoilt, sound);
        }
    }

    /** Until a node has it under a head that it signed. */
    private static void submit(TestCluster cluster, int node, String name) {
        TestClient gateway = cluster.client(node, cluster.network.gateway.dtls());
        SignedTransaction join =
                cluster.network.join(name, Identity.generate(TestNetwork.RANDOM), cluster.network.voucher());
        TestCluster.patiently().until(() -> {
            gateway.post("/v1/chains/{c}/transactions", join.encode());
            return gateway.get("/v1/chains/{c}/keys/" + name).statusCode() == 200;
        });
    }

    /** One node is told, and the other knows. */
    private static void convict(TestCluster cluster, int convicted, int told) {
        TestNetwork network = cluster.network;
        KeyPair liar = cluster.replica(convicted);
        Bytes file = EvidenceFile.make(
                network.chain,
                List.of(network.genesis.encode()),
                SignedCheckpoint.sign(checkpoint(network, 0, Digest.ZERO), liar, Instant.now()),
                SignedCheckpoint.sign(checkpoint(network, 0, Digest.sha256(Bytes.EMPTY)), liar, Instant.now()),
                Optional.empty());
        TestClient anybody = cluster.client(told, TestNetwork.key());
        TestCluster.patiently()
                .until(() -> anybody.post("/v1/chains/{c}/evidence", file).statusCode() == 204);
        TestCluster.patiently()
                .untilAsserted(() -> assertThat(metrics(cluster, convicted))
                        .contains("latchkey_alarm_evidence 1.0")
                        .contains("latchkey_alarm_struck 1.0"));
    }

    private static Checkpoint checkpoint(TestNetwork network, long height, Digest hash) {
        return new Checkpoint(network.chain, height, hash, Digest.ZERO, Digest.ZERO, 0, System.currentTimeMillis());
    }

    private static void aRecordThatNobodyReadIsFound(TestCluster cluster, int spoilt) {
        TestCluster.patiently()
                .untilAsserted(() -> assertThat(unready(cluster, spoilt))
                        .startsWith(Unready.NOT_SIGNED.reason())
                        .contains("what is stored cannot be read back as it was written")
                        .contains(cluster.network.chain.toHex().substring(0, 16))
                        .contains("store chains/records): directory-root's leaf differs, expected ")
                        .contains("look at the disk"));
        TestCluster.patiently()
                .untilAsserted(() -> assertThat(metrics(cluster, spoilt)).contains("latchkey_alarm_disk 1.0"));
    }

    /** A head that one's key signed, shown to another. */
    private static void anotherHeadThanTheReplicas(TestCluster cluster, int signer, int shownTo) throws Exception {
        Checkpoint other = checkpoint(cluster.network, 1, Digest.ZERO);
        SignedCheckpoint shown = SignedCheckpoint.sign(other, cluster.replica(signer), Instant.now());
        TestClient fellow = cluster.client(shownTo, cluster.key(signer));
        assertThat(TestClient.code(fellow.post("/v1/chains/{c}/signatures", shown.encode())))
                .isEqualTo("other-head");
        TestCluster.patiently()
                .untilAsserted(() -> assertThat(unready(cluster, shownTo))
                        .contains("other replicas signed another head than this node has", "height 1, store state")
                        .contains(
                                "directory-root and history-root and block-hash differs, expected 0000000000000000.. and")
                        .contains("latchkey audit"));
        assertThat(metrics(cluster, shownTo)).contains("latchkey_alarm_other_than_replicas 1.0");
    }

    private static String unready(TestCluster cluster, int node) throws Exception {
        TestClient client = cluster.client(node, cluster.network.gateway.dtls());
        return Problem.decode(Bytes.wrap(client.get("/readyz").body())).detail();
    }

    private static String metrics(TestCluster cluster, int node) throws Exception {
        return new String(cluster.client(node, cluster.network.gateway.dtls())
                .get("/metrics")
                .body());
    }
}
