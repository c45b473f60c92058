package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.transaction.Identity;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that somebody broke, at every door that takes one: a documented refusal, never a fault, and nothing changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileBodiesTest {
    private static final int ROUNDS = Integer.getInteger("latchkey.hostile.rounds", 40);

    private final TestNetwork network = new TestNetwork();
    private final Identity member = Identity.generate(TestNetwork.RANDOM);
    private CloudNode node;
    private TestClient gateway;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        node = network.start(directory);
        gateway = new TestClient(network, node.address(), network.gateway.dtls());
        gateway.submit(network.join("owner", member, network.voucher()));
    }

    @AfterAll
    void stop() {
        node.close();
    }

    private Map<String, Bytes> bodies() throws Exception {
        Bytes ticket = network.ticket("owner", member, "gw-1");
        Digest session = Digest.sha256(Bytes.utf8("session"));
        MessageBatch.Message message = new MessageBatch.Message(
                1,
                "owner",
                session,
                1,
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(session, 0, "a"),
                List.of("owner"));
        Map<String, Bytes> bodies = new LinkedHashMap<>();
        bodies.put(
                "/v1/chains/{c}/transactions",
                network.join("d-new", Identity.generate(TestNetwork.RANDOM), network.voucher())
                        .encode());
        bodies.put("/v1/chains", network.sibling("tacoma").genesis.encode());
        bodies.put("/v1/chains/{c}/cosignatures", gateway.body("/v1/chains/{c}/checkpoint"));
        bodies.put("/v1/chains/{c}/evidence", gateway.body("/v1/chains/{c}/policy"));
        bodies.put(
                "/v1/messages?chain={c}",
                new MessageBatch(Bytes.fromHex("0102030405060708"), List.of(ticket), List.of(message)).encode());
        bodies.put(
                "/v1/mailboxes/{c}/follow",
                new FollowRequest(List.of(new FollowRequest.Cursor("owner", 0, ticket))).encode());
        return bodies;
    }

    @Test
    void brokenBodiesGetADocumentedRefusal() throws Exception {
        long seed = Long.getLong("latchkey.seed", System.nanoTime());
        Random random = new Random(seed);
        for (Map.Entry<String, Bytes> body : bodies().entrySet()) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] broken = broken(body.getValue().toArray(), random);
                // the client holds the answer against the document; a stream, which only an unbroken request gets,
                // would stay open
                HttpResponse<byte[]> answer = gateway.post(body.getKey(), Bytes.wrap(broken));
                assertThat(answer.statusCode())
                        .as("%s, seed %d round %d", body.getKey(), seed, round)
                        .isLessThan(500);
            }
        }
        assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v1/chains/{c}/keys/d-new").statusCode()).isEqualTo(200);
    }

    /** Cut off, a head replaced, or a count blown up: each of these breaks a deterministic encoding. */
    private static byte[] broken(byte[] whole, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> {
                return Arrays.copyOf(whole, random.nextInt(whole.length));
            }
            case 1 -> {
                byte[] longer = Arrays.copyOf(whole, whole.length + 1 + random.nextInt(64));
                Arrays.fill(longer, whole.length, longer.length, (byte) 0xff);
                return longer;
            }
            default -> {
                byte[] changed = whole.clone();
                changed[0] = (byte) (0x80 | random.nextInt(0x80));
                for (int i = random.nextInt(4); i >= 0; i--) {
                    changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                }
                return changed;
            }
        }
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
        for (String path : bodies().keySet()) {
            HttpResponse<byte[]> answer = gateway.post(path, Bytes.wrap(new byte[(1 << 20) + (1 << 19)]));
            assertThat(answer.statusCode()).as(path).isIn(413, 400);
            assertThat(TestClient.code(answer)).isIn("too-large", "malformed");
        }
    }
}
