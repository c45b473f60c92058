package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.TransactionAnswer.Accepted;
import dev.latchkey.transaction.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads a chain is what its policy says now: whom it names reads from then on, whom it drops reads no more. */
class PolicyReadsTest {
    private static final String BLOCKS = "/v1/chains/{c}/blocks?from=0&to=0";
    private static final String KEYS = "/v1/chains/{c}/keys/gw-1";

    private final TestNetwork network = new TestNetwork();
    private final TestNetwork tacoma = network.sibling("tacoma");
    private final KeyPair fellow = TestNetwork.key();
    private CloudNode node;
    private Policy policy = network.firstPolicy();

    @Test
    void whomThePolicyNamesReadsAndWhomItDropsDoesNot(@TempDir Path directory) throws Exception {
        try (CloudNode running = network.start(directory)) {
            node = running;
            assertThat(client(TestNetwork.key())
                            .post("/v1/chains", tacoma.genesis.encode())
                            .statusCode())
                    .isEqualTo(201);
            assertReads(403, 403, 403);

            change(before -> TestNetwork.withSiblings(
                    before, new Policy.Sibling(tacoma.chain, "tacoma", 1, List.of(tacoma.replica.publicKey()), true)));
            assertReads(200, 403, 403);

            change(before -> TestNetwork.withReplicas(
                    TestNetwork.withSiblings(before),
                    1,
                    new Policy.Replica(network.replica.publicKey(), network.tls.publicKey()),
                    new Policy.Replica(TestNetwork.key().publicKey(), fellow.publicKey())));
            assertReads(403, 200, 200);

            change(before -> TestNetwork.withReplicas(
                    before, 1, new Policy.Replica(network.replica.publicKey(), network.tls.publicKey())));
            assertReads(403, 403, 403);
        }
    }

    /** A sibling's gateway at one record, and a replica's key at one record and at blocks. */
    private void assertReads(int sibling, int replica, int blocks) throws Exception {
        assertThat(client(tacoma.gateway.dtls()).get(KEYS).statusCode()).isEqualTo(sibling);
        assertThat(client(fellow).get(KEYS).statusCode()).isEqualTo(replica);
        assertThat(client(fellow).get(BLOCKS).statusCode()).isEqualTo(blocks);
        assertThat(client(tacoma.gateway.dtls()).get(BLOCKS).statusCode()).isEqualTo(403);
    }

    private void change(UnaryOperator<Policy> how) throws Exception {
        Policy[] next = new Policy[1];
        assertThat(client(TestNetwork.key())
                        .submit(network.change(policy, before -> next[0] = how.apply(before)))
                        .get(0))
                .isInstanceOf(Accepted.class);
        policy = next[0];
    }

    private TestClient client(KeyPair key) {
        return new TestClient(network, node.address(), key);
    }
}
