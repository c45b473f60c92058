package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.gateway.sibling.SiblingChain;
import dev.latchkey.gateway.sibling.SiblingChains;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.gateway.uplink.CloudTiming;
import dev.latchkey.gateway.witness.EvidenceShelf;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway says of a sibling whose cloud has two nodes. */
class SiblingNodesTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private TestNetwork network;
    private TestCloud first;
    private TestCloud second;
    private SiblingChains siblings;

    @BeforeEach
    void start() throws Exception {
        network = new TestNetwork();
        first = new TestCloud(network);
        second = new TestCloud(network);
        first.start();
        second.start();
        CloudTiming timing = new CloudTiming(LONG, LONG, LONG, LONG, Duration.ofMillis(10), Duration.ofMillis(100));
        siblings = new SiblingChains(
                chain -> new CloudClient(
                        chain,
                        List.of(first.address(), second.address()),
                        network.gateway.dtls(),
                        StrictEcVerifier.bouncy(),
                        timing),
                StrictEcVerifier.bouncy(),
                new EvidenceShelf(directory.resolve("evidence")));
    }

    @AfterEach
    void stop() {
        siblings.close();
        first.close();
        second.close();
    }

    /** Only what looks like a checkpoint is replaced. */
    private static Bytes older(Bytes old, Bytes answer) {
        try {
            SignedCheckpoint.decode(answer);
            return old;
        } catch (MalformedCheckpointException e) {
            return answer;
        }
    }

    @Test
    void aNodeThatIsBehindIsPassedOverAndNoHeadGoesBack() throws Exception {
        Bytes old = network.checkpoint().encode();
        network.joined("d-1");
        SiblingChain sibling = siblings.of(
                new Policy.Sibling(network.chain, network.chainName, 1, List.of(network.replica.publicKey()), true));
        long seen = sibling.checkpoint().checkpoint().height();

        first.tamper(answer -> older(old, answer));
        network.joined("d-2");
        await().until(() -> sibling.checkpoint().checkpoint().height() == seen + 1);

        second.tamper(answer -> older(old, answer));
        await().untilAsserted(() -> assertThatThrownBy(sibling::checkpoint).isInstanceOf(IOException.class));
        assertThat(sibling.at(seen + 1)).isPresent();
    }
}
