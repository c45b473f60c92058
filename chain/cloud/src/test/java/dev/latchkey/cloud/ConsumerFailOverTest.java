package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.device.Consumer;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.Received;
import dev.latchkey.device.Unopened;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.transaction.Identity;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application reads its mailbox while the node that it asks, which leads, goes away. */
class ConsumerFailOverTest {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int EACH = 10;

    /** The height at which both members are there. */
    private static final long JOINED = 2;

    @TempDir
    Path directory;

    private final Identity sender = Identity.generate(TestNetwork.RANDOM);

    /** Nobody sealed these, so each is told as not opened, by the session that it stands for. */
    private static final class Listening implements InboxListener {
        final List<Digest> sessions = new CopyOnWriteArrayList<>();

        @Override
        public void received(Received pack) {
            throw new AssertionError("nobody sealed that");
        }

        @Override
        public void unopened(Unopened message) {
            sessions.add(message.session());
        }
    }

    private static Digest session(int number) {
        return Digest.sha256(Bytes.utf8("session " + number));
    }

    private static List<Digest> sessions(int until) {
        return IntStream.range(0, until).mapToObj(ConsumerFailOverTest::session).toList();
    }

    /** Sent until some node has taken it, as a gateway does. */
    private void deliver(TestCluster cluster, int node, int from) {
        List<MessageBatch.Message> messages = new ArrayList<>();
        for (int i = from; i < from + EACH; i++) {
            messages.add(new MessageBatch.Message(
                    i + 1,
                    "d-from",
                    session(i),
                    JOINED,
                    System.currentTimeMillis(),
                    ContentFormat.COSE_ENCRYPT0,
                    Readings.reading(session(i), 0, "reading"),
                    List.of("app-1")));
        }
        Bytes ticket = cluster.network.ticket("d-from", sender, "gw-1");
        Bytes batch = new MessageBatch(Bytes.fromHex("0102030405060708"), List.of(ticket), messages).encode();
        TestClient gateway = cluster.client(node, cluster.network.gateway.dtls());
        String path = "/v1/messages?chain=" + cluster.network.chain.toHex();
        TestCluster.patiently().untilAsserted(() -> {
            HttpResponse<byte[]> answer = gateway.post(path, batch);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(BatchAnswer.decode(Bytes.wrap(answer.body())).refused()).isEmpty();
        });
    }

    private static HandOver handOver(TestNetwork network) {
        return new HandOver(
                "city",
                "seattle",
                network.chain,
                "gw-1",
                "127.0.0.1",
                5684,
                network.gateway.dtls().publicKey(),
                network.voucher(),
                network.voucherKey,
                Bytes.wrap(new byte[32]));
    }

    @Test
    void everyMessageComesOnceAndIsAcknowledged() throws Exception {
        DeviceSettings settings = DeviceSettings.standard(TestNetwork.VERIFIER)
                .withPatience(Duration.ofMillis(100), Duration.ofSeconds(1), LONGEST);
        try (TestCluster cluster = new TestCluster(directory.resolve("cloud"), 3, 1);
                DeviceThreads threads = new DeviceThreads(2, 2)) {
            cluster.startAll();
            cluster.submit(0, cluster.network.join("d-from", sender, cluster.network.voucher()));
            int leader = cluster.leader("mailboxes");
            List<URI> nodes = IntStream.range(leader, leader + 3)
                    .mapToObj(i -> URI.create("https://" + cluster.member(i % 3).api()))
                    .toList();
            try (Consumer consumer = Device.await(
                    Consumer.join(
                            directory.resolve("app"), handOver(cluster.network), "app-1", nodes, settings, threads),
                    LONGEST)) {
                deliver(cluster, leader, 0);
                Listening listening = new Listening();
                CompletableFuture<Void> following = consumer.follow(0, listening, consumer::acknowledge);
                await().atMost(LONGEST).until(() -> listening.sessions.size() >= EACH || following.isDone());
                assertThat(following).isNotDone();
                cluster.stop(leader);
                deliver(cluster, (leader + 1) % 3, EACH);
                await().atMost(LONGEST).until(() -> listening.sessions.size() >= 2 * EACH || following.isDone());
                assertThat(following).isNotDone();

                Listening left = new Listening();
                TestCluster.patiently().untilAsserted(() -> {
                    left.sessions.clear();
                    assertThat(Device.await(consumer.read(0, left), LONGEST)).isZero();
                });
                assertThat(left.sessions).isEmpty();
                assertThat(listening.sessions).isEqualTo(sessions(2 * EACH));
                assertThatThrownBy(() -> Device.await(consumer.read(2 * EACH + 1, left), LONGEST))
                        .hasMessageContaining("the mailbox ends before");
            }
            staysOnNoNodeThatIsCutOff(cluster, (leader + 1) % 3, (leader + 2) % 3);
        }
    }

    /** Its streams end, and whoever comes is sent on: it would say that it lives for as long as it is cut off. */
    private static void staysOnNoNodeThatIsCutOff(TestCluster cluster, int node, int last) throws Exception {
        TestClient client = cluster.client(node, cluster.network.gateway.dtls());
        String path = "/v1/chains/{c}/blocks?from=0&follow=1";
        try (InputStream blocks = client.stream(client.request(path).GET().build())) {
            cluster.stop(last);
            assertTimeoutPreemptively(LONGEST, () -> blocks.transferTo(OutputStream.nullOutputStream()));
        }
        assertThat(TestClient.code(client.get(path))).isEqualTo("not-ready");
    }
}
