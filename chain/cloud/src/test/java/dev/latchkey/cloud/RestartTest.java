package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that was acknowledged is lost, however the node ends. */
class RestartTest {
    private static final int ROUNDS_BEFORE_THE_KILL = 15;

    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();
    private final Identity sender = Identity.generate(TestNetwork.RANDOM);
    private final Identity reader = Identity.generate(TestNetwork.RANDOM);
    private final Digest session = Digest.sha256(Bytes.utf8("session"));
    private final Bytes epoch = Bytes.fromHex("0102030405060708");
    private final Voucher voucher = network.voucher();

    @Test
    void aCleanStopKeepsEverything() throws Exception {
        Bytes checkpoint;
        SignedTransaction join = network.join("d-from", sender, voucher);
        try (CloudNode node = network.start(directory)) {
            TestClient gateway = gateway(node.address());
            gateway.submit(join, network.join("d-to", reader, voucher));
            deliver(gateway, 1);
            checkpoint = gateway.body("/v1/chains/{c}/checkpoint");
        }
        try (CloudNode node = network.start(directory)) {
            TestClient gateway = gateway(node.address());
            assertThat(root(gateway.body("/v1/chains/{c}/checkpoint"))).isEqualTo(root(checkpoint));
            assertThat(gateway.submit(join).get(0)).isInstanceOf(TransactionAnswer.Accepted.class);
            assertThat(counters(node.address())).containsExactly(1);
            deliver(gateway, 1);
            deliver(gateway, 2);
            assertThat(counters(node.address())).containsExactly(1, 2);
        }
    }

    /** History and directory root of a checkpoint, apart from when it was signed. */
    private static List<Item> root(Bytes checkpoint) throws Exception {
        Bytes body = Cbor.decode(checkpoint, 4096).asArray().get(2).asBytes();
        return Cbor.decode(body, 4096).asArray();
    }

    @Test
    void aKilledNodeComesBackWithAllThatItAcknowledged() throws Exception {
        writeConfig();
        List<SignedTransaction> joined = Collections.synchronizedList(new ArrayList<>());
        List<Integer> delivered = Collections.synchronizedList(new ArrayList<>());
        ForkedCloud first = ForkedCloud.start(directory);
        try {
            TestClient gateway = gateway(first.address());
            gateway.submit(network.join("d-from", sender, voucher), network.join("d-to", reader, voucher));
            CountDownLatch warm = new CountDownLatch(2 * ROUNDS_BEFORE_THE_KILL);
            Thread joins = load(() -> {
                SignedTransaction join =
                        network.join("d-" + joined.size(), Identity.generate(TestNetwork.RANDOM), voucher);
                gateway.submit(join);
                joined.add(join);
                warm.countDown();
            });
            Thread messages = load(() -> {
                deliver(gateway, delivered.size() + 1);
                delivered.add(delivered.size() + 1);
                warm.countDown();
            });
            assertThat(warm.await(60, TimeUnit.SECONDS)).isTrue();
            first.kill();
            joins.join();
            messages.join();
        } finally {
            first.kill();
        }
        ForkedCloud second = ForkedCloud.start(directory);
        try {
            TestClient gateway = gateway(second.address());
            assertThat(joined).hasSizeGreaterThan(1);
            for (SignedTransaction join : joined) {
                String id = join.id(network.chain).toHex();
                assertThat(gateway.get("/v1/chains/{c}/receipts/" + id).statusCode())
                        .isEqualTo(200);
            }
            assertThat(counters(second.address())).doesNotHaveDuplicates().containsAll(delivered);
            int next = delivered.size() + 1;
            deliver(gateway, next); // perhaps stored before the kill, though not acknowledged
            deliver(gateway, next + 1);
            assertThat(counters(second.address())).doesNotHaveDuplicates().contains(next, next + 1);
            assertThat(second.terminate()).isZero();
        } finally {
            second.kill();
        }
    }

    private interface Round {
        void run() throws Exception;
    }

    /** Runs rounds until the node is gone. */
    private static Thread load(Round round) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    round.run();
                }
            } catch (Exception e) {
                // the node was killed: what was not acknowledged does not count
                return;
            }
        });
        thread.start();
        return thread;
    }

    private TestClient gateway(InetSocketAddress address) {
        return new TestClient(network, address, network.gateway.dtls());
    }

    private void deliver(TestClient gateway, int counter) throws Exception {
        MessageBatch.Message message = new MessageBatch.Message(
                counter,
                "d-from",
                session,
                1_000,
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(session, counter, "reading"),
                List.of("d-to"));
        MessageBatch batch =
                new MessageBatch(epoch, List.of(network.ticket("d-from", sender, "gw-1")), List.of(message));
        HttpResponse<byte[]> response = gateway.post("/v1/messages?chain=" + network.chain.toHex(), batch.encode());
        if (response.statusCode() != 200
                || !BatchAnswer.decode(Bytes.wrap(response.body())).refused().isEmpty()) {
            throw new IOException("not delivered");
        }
    }

    /** The Partial IVs of what lies in the mailbox. */
    private List<Integer> counters(InetSocketAddress address) throws Exception {
        TestClient owner = new TestClient(network, address, reader.dtls());
        List<Integer> counters = new ArrayList<>();
        long after = 0;
        List<Item> page;
        do {
            page = Cbor.decodeSequence(owner.body("/v1/mailboxes/{c}/d-to?after=" + after), 1 << 20);
            for (Item item : page) {
                MailboxEntry entry = MailboxEntry.fromItem(item);
                after = entry.sequence();
                Bytes partialIv = Cbor.decode(entry.message(), 4096)
                        .asArray()
                        .get(1)
                        .asMap()
                        .get(Cbor.uint(6))
                        .asBytes();
                counters.add(Integer.parseInt(partialIv.toHex(), 16));
            }
        } while (!page.isEmpty());
        return counters;
    }

    private void writeConfig() throws IOException {
        network.settings(directory);
        Files.writeString(directory.resolve("cloud.conf"), "listen = \"127.0.0.1:0\"\ngenesis = [\"genesis.cose\"]\n");
    }
}
