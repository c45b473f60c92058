package dev.latchkey.gateway.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.FollowedEntry;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gateway expects of every cloud, shown with the one of the test tree; and whom the client does not talk to. */
class CloudClientTest {
    private static final CloudTiming TIMING = new CloudTiming(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(10),
            Duration.ofMillis(100));

    private TestNetwork network;
    private TestCloud cloud;
    private CloudClient client;

    @BeforeEach
    void start() throws Exception {
        network = new TestNetwork();
        cloud = new TestCloud(network);
        cloud.start();
        client = client(network.chain);
    }

    @AfterEach
    void stop() {
        client.close();
        cloud.close();
    }

    @Test
    void walksFromTheChainIdToTheReplicasKey() throws Exception {
        client.establish();
        try (ItemStream blocks = client.blocks(0)) {
            List<Item> first = blocks.next().orElseThrow().asArray(3);
            assertThat(first.get(0).asUint()).isZero();
            assertThat(first.get(1).asBytes()).isEqualTo(network.blocksFrom(0).get(0));
        }
    }

    /** It accepts connections and says nothing, like a process that hangs. */
    @Test
    void oneOfSeveralNodesThatHangsIsSoonLeft() throws Exception {
        Duration longest = Duration.ofMinutes(5);
        CloudTiming timing = new CloudTiming(
                longest, longest, Duration.ofMillis(500), longest, Duration.ofMillis(10), Duration.ofMillis(100));
        try (ServerSocket hung = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                CloudClient both = new CloudClient(
                        network.chain,
                        List.of("127.0.0.1:" + hung.getLocalPort(), cloud.address()),
                        network.gateway.dtls(),
                        StrictEcVerifier.bouncy(),
                        timing)) {
            assertTimeout(Duration.ofMinutes(1), () -> {
                assertThatThrownBy(both::establish).hasMessageContaining("no answer from");
                await().ignoreExceptions().untilAsserted(both::establish);
            });
        }
    }

    @Test
    void thePatienceDoublesWhileNobodyAnswers() {
        Duration second = Duration.ofSeconds(1);
        Duration longest = Duration.ofSeconds(5);
        CloudTiming timing = new CloudTiming(longest, longest, second, longest, second, second);
        assertThat(new NodePatience(timing, 1).now()).isEqualTo(longest);
        NodePatience several = new NodePatience(timing, 3);
        assertThat(several.now()).isEqualTo(second);
        several.missed(second);
        several.missed(second);
        assertThat(several.now()).as("two that waited equally long").isEqualTo(Duration.ofSeconds(2));
        several.missed(Duration.ofSeconds(2));
        several.missed(Duration.ofSeconds(4));
        assertThat(several.now()).isEqualTo(longest);
        several.met();
        assertThat(several.now()).isEqualTo(second);
    }

    @Test
    void doesNotBelieveThePolicyOfAnotherChain() throws Exception {
        try (CloudClient other = client(new TestNetwork().chain)) {
            assertThatThrownBy(other::establish).isInstanceOf(IOException.class);
        }
    }

    @Test
    void doesNotTalkToAServerWhoseKeyIsNoReplicas() throws Exception {
        client.trust(new TestNetwork().state().policy());
        assertThatThrownBy(() -> client.blocks(0)).isInstanceOf(IOException.class);
    }

    @Test
    void saysNothingBeforeItKnowsWhomToTrust() {
        assertThatThrownBy(() -> client.blocks(0)).isInstanceOf(IOException.class);
    }

    @Test
    void transactionsAreAnsweredInTheirOrder() throws Exception {
        client.establish();
        Bytes good = network.join("d-1", Identity.generate(network.random), network.voucher("*", 1));
        Bytes taken = network.join("admin", Identity.generate(network.random), network.voucher("*", 1));
        List<TransactionAnswer> answers = client.submit(List.of(good, taken, good));
        assertThat(answers.get(0)).isInstanceOf(TransactionAnswer.Accepted.class);
        assertThat(answers.get(1)).isEqualTo(new TransactionAnswer.Rejected("name-taken", ""));
        assertThat(answers.get(2)).isInstanceOf(TransactionAnswer.Accepted.class);
    }

    @Test
    void aBatchThatIsSentAgainIsCountedOnce() throws Exception {
        client.establish();
        MessageBatch batch = new MessageBatch(network.randomBytes(8), List.of(), List.of(message(1), message(2)));
        assertThat(client.send(batch.encode())).isEqualTo(new BatchAnswer(2, List.of()));
        assertThat(client.send(batch.encode())).isEqualTo(new BatchAnswer(2, List.of()));
        assertThat(cloud.mailboxes.of("d-2")).hasSize(2);
    }

    @Test
    void mailboxesAreFollowedFromTheCursor() throws Exception {
        client.establish();
        client.send(new MessageBatch(network.randomBytes(8), List.of(), List.of(message(1), message(2))).encode());
        FollowRequest request =
                new FollowRequest(List.of(new FollowRequest.Cursor("d-2", 1, network.randomBytes(100))));
        try (ItemStream mailboxes = client.follow(request)) {
            FollowedEntry entry = FollowedEntry.fromItem(mailboxes.next().orElseThrow());
            assertThat(entry.owner()).isEqualTo("d-2");
            assertThat(entry.entry().sequence()).isEqualTo(2);
            assertThat(mailboxes.next().map(Item::isNull)).isEqualTo(Optional.of(true));
        }
    }

    @Test
    void whatIsAcknowledgedIsForgotten() throws Exception {
        client.establish();
        client.acknowledge("d-2", 7, network.randomBytes(100));
        assertThat(cloud.mailboxes.forgottenOf("d-2")).isEqualTo(7);
    }

    @Test
    void aRefusalCarriesItsCode() throws Exception {
        client.establish();
        assertThatThrownBy(() -> client.submit(List.of(Bytes.fromHex("9fff"))))
                .isInstanceOfSatisfying(
                        CloudException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("malformed"));
    }

    @Test
    void goesOnAtTheNextNodeWhenOneDoesNotAnswer() throws Exception {
        TestCloud second = new TestCloud(network);
        second.start();
        try (CloudClient both = client(network.chain, second.address(), cloud.address())) {
            both.establish();
            Checkpoint before = SignedCheckpoint.decode(both.checkpoint()).checkpoint();
            second.close();
            assertThatThrownBy(both::checkpoint).isInstanceOf(IOException.class);
            both.establish();
            // each node signs its own, anew after a while
            assertThat(SignedCheckpoint.decode(both.checkpoint()).checkpoint()).isEqualTo(before);
        } finally {
            second.close();
        }
    }

    private CloudClient client(ChainId chain) {
        return client(chain, cloud.address());
    }

    private CloudClient client(ChainId chain, String... nodes) {
        return new CloudClient(chain, List.of(nodes), network.gateway.dtls(), StrictEcVerifier.bouncy(), TIMING);
    }

    private static MessageBatch.Message message(long sequence) {
        return new MessageBatch.Message(
                sequence, "d-1", Digest.ZERO, 0, 0, 16, Bytes.utf8("message " + sequence), List.of("d-2"));
    }
}
