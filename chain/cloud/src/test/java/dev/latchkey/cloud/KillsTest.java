package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node alone, killed again and again: while it works and while it starts. */
@Order(3)
class KillsTest {
    private static final Digest SESSION = Digest.sha256(Bytes.utf8("session"));
    private static final Bytes EPOCH = Bytes.fromHex("0102030405060708");

    /** The goal is 1,000; the rest is for a machine that runs other tests beside this one, of half of all starts. */
    private static final long USUAL_LEAD_MILLIS = 5_000;

    /** Half of all kills come so long after the start of the process, at most. */
    private static final int STARTING_MILLIS = 700;

    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();
    private final Voucher voucher = network.voucher();
    private final Identity reader = Identity.generate(TestNetwork.RANDOM);
    private final List<SignedTransaction> joined = new ArrayList<>();
    private final List<Long> leads = new ArrayList<>();
    private int posted;
    private int delivered;

    @Test
    void tenKillsLoseNothing() throws Exception {
        kill(10);
    }

    @Test
    @Tag("long")
    void twoHundredKillsLoseNothing() throws Exception {
        kill(200);
    }

    private void kill(int kills) throws Exception {
        network.settings(directory);
        Files.writeString(directory.resolve("cloud.conf"), "listen = \"127.0.0.1:0\"\ngenesis = [\"genesis.cose\"]\n");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < kills; i += 2) {
            Process starting = ForkedCloud.launch(directory);
            starting.waitFor(random.nextInt(STARTING_MILLIS), TimeUnit.MILLISECONDS);
            starting.destroyForcibly().waitFor();
            ForkedCloud node = started();
            try {
                int before = joined.size();
                if (posted == 0) {
                    client(node).submit(network.join("d-to", reader, voucher));
                }
                check(node, Math.max(0, before - 3));
                work(node, random);
            } finally {
                node.kill();
            }
        }
        ForkedCloud last = started();
        try {
            check(last, 0);
            assertThat(last.terminate()).isZero();
        } finally {
            last.kill();
        }
        leads.sort(null);
        long usual = leads.get(leads.size() / 2);
        System.out.printf(
                "%d kills (seed %d): %d joins and %d messages acknowledged, none lost; led after %d ms, at most %d%n",
                kills, seed, joined.size(), delivered, usual, leads.get(leads.size() - 1));
        assertThat(usual).as("milliseconds until it leads by itself").isLessThan(USUAL_LEAD_MILLIS);
    }

    private ForkedCloud started() throws IOException {
        ForkedCloud node = ForkedCloud.start(directory);
        leads.add(node.leadMillis());
        return node;
    }

    private TestClient client(ForkedCloud node) {
        return new TestClient(network, node.address(), network.gateway.dtls());
    }

    /** Posts until the kill comes, which is in the middle of some posting. */
    private void work(ForkedCloud node, Random random) throws Exception {
        TestClient client = client(node);
        int rounds = 2 + random.nextInt(4);
        Thread killer = new Thread(() -> node.process().destroyForcibly());
        try {
            for (int i = 0; ; i++) {
                posted++;
                SignedTransaction join = network.join("d-" + posted, Identity.generate(TestNetwork.RANDOM), voucher);
                if (i == rounds) {
                    killer.start();
                }
                if (client.submit(join).get(0) instanceof TransactionAnswer.Accepted) {
                    joined.add(join);
                }
                deliver(client, delivered + 1);
                delivered++;
            }
        } catch (IOException e) {
            killer.join(); // what was not acknowledged does not count
        }
    }

    private void deliver(TestClient client, int counter) throws Exception {
        MessageBatch.Message message = new MessageBatch.Message(
                counter,
                "d-to",
                SESSION,
                1_000,
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(SESSION, counter, "reading"),
                List.of("d-to"));
        List<Bytes> tickets = List.of(network.ticket("d-to", reader, "gw-1"));
        HttpResponse<byte[]> answer = client.post(
                "/v1/messages?chain=" + network.chain.toHex(),
                new MessageBatch(EPOCH, tickets, List.of(message)).encode());
        if (answer.statusCode() != 200
                || !BatchAnswer.decode(Bytes.wrap(answer.body())).refused().isEmpty()) {
            throw new IOException("not delivered");
        }
    }

    /** All messages that were acknowledged are there, and each once; and all joins from one on. */
    private void check(ForkedCloud node, int from) throws Exception {
        TestClient client = client(node);
        for (SignedTransaction join : joined.subList(from, joined.size())) {
            String path = "/v1/chains/{c}/receipts/" + join.id(network.chain).toHex();
            assertThat(client.get(path).statusCode()).isEqualTo(200);
        }
        Bytes state = new TestClient(network, node.address(), reader.dtls()).body("/v1/mailboxes/{c}/d-to/state");
        long stored = Cbor.decode(state, 1_024).asArray().get(0).asUint();
        // one more may be stored whose answer the kill cut off; sent again it is known
        assertThat(stored).isBetween((long) delivered, delivered + 1L);
    }
}
