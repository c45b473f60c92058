package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What witnesses sign becomes part of what the node hands out. */
class WitnessesTest {
    @TempDir
    static Path directory;

    private static final KeyPair WITNESS = TestNetwork.key();
    private static final TestNetwork NETWORK = new TestNetwork(
            TestNetwork.key(),
            TestNetwork.key(),
            TestNetwork.key(),
            "seattle",
            policy -> TestNetwork.withWitnesses(policy, 1, new Policy.Witness("gw-1", WITNESS.publicKey())));
    private static CloudNode node;
    private static TestClient gateway;

    @BeforeAll
    static void start() throws Exception {
        node = NETWORK.start(directory);
        gateway = new TestClient(NETWORK, node.address(), NETWORK.gateway.dtls());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static SignedCheckpoint newest() throws Exception {
        return SignedCheckpoint.decode(gateway.body("/v1/chains/{c}/checkpoint"));
    }

    private static HttpResponse<byte[]> post(SignedCheckpoint signed) throws Exception {
        TestClient witness = new TestClient(NETWORK, node.address(), TestNetwork.key());
        return witness.post("/v1/chains/{c}/cosignatures", signed.encode());
    }

    private static void assertProblem(HttpResponse<byte[]> response, int status, String code) throws Exception {
        assertThat(TestClient.code(response)).isEqualTo(code);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    private static boolean carries(SignedCheckpoint signed, CoseKey key) {
        return signed.parts().stream().anyMatch(part -> part.kid().equals(key.kid()));
    }

    @Test
    void aCosignatureIsHandedOutAndPushed() throws Exception {
        gateway.submit(NETWORK.join("d-1", Identity.generate(TestNetwork.RANDOM), NETWORK.voucher()));
        SignedCheckpoint head = newest();
        long height = head.checkpoint().height();
        assertThat(carries(head, WITNESS.publicKey())).isFalse();
        Items stream = new Items(gateway.stream(gateway.request("/v1/chains/{c}/blocks?follow=1&from=" + (height + 1))
                .GET()
                .build()));
        assertThat(SignedCheckpoint.decode(stream.next().asArray(3).get(2).asBytes()))
                .satisfies(first -> assertThat(first.checkpoint()).isEqualTo(head.checkpoint()));
        SignedCheckpoint cosigned = SignedCheckpoint.sign(head.checkpoint(), WITNESS, Instant.now());
        assertThat(post(head.with(cosigned)).statusCode()).isEqualTo(204);
        assertThat(post(cosigned).statusCode()).isEqualTo(204); // the same again changes nothing

        SignedCheckpoint merged = newest();
        assertThat(merged.checkpoint()).isEqualTo(head.checkpoint());
        assertThat(carries(merged, WITNESS.publicKey())).isTrue();
        assertThat(carries(merged, NETWORK.replica.publicKey())).isTrue();
        List<Item> element = stream.next().asArray(3);
        while (element.get(2).isNull()) {
            element = stream.next().asArray(3);
        }
        assertThat(element.get(0).asUint()).isEqualTo(height);
        assertThat(element.get(1).isNull()).isTrue();
        assertThat(carries(SignedCheckpoint.decode(element.get(2).asBytes()), WITNESS.publicKey()))
                .isTrue();

        // the next head has no cosignature yet; the one before can still be had by height and by number of witnesses
        gateway.submit(NETWORK.join("d-2", Identity.generate(TestNetwork.RANDOM), NETWORK.voucher()));
        assertThat(carries(newest(), WITNESS.publicKey())).isFalse();
        Bytes byWitnesses = gateway.body("/v1/chains/{c}/checkpoint?q=1");
        assertThat(SignedCheckpoint.decode(byWitnesses).checkpoint().height()).isEqualTo(height);
        assertThat(gateway.body("/v1/chains/{c}/checkpoint?h=" + height)).isEqualTo(byWitnesses);
        assertProblem(gateway.get("/v1/chains/{c}/checkpoint?q=2"), 404, "too-few-witnesses");
    }

    @Test
    void whatIsNoCosignatureIsRefusedWithItsReason() throws Exception {
        SignedCheckpoint head = newest();
        Checkpoint body = head.checkpoint();
        assertProblem(post(head), 403, "not-a-witness");
        assertProblem(post(SignedCheckpoint.sign(body, NETWORK.gateway.sig(), Instant.now())), 403, "not-a-witness");
        SignedCheckpoint ahead =
                SignedCheckpoint.sign(body, WITNESS, Instant.now().plusSeconds(3600));
        assertProblem(post(ahead), 422, "bad-time");
        byte[] forged =
                SignedCheckpoint.sign(body, WITNESS, Instant.now()).encode().toArray();
        forged[forged.length - 1] ^= 1;
        assertProblem(post(SignedCheckpoint.decode(Bytes.wrap(forged))), 422, "bad-signature");
        Checkpoint later = new Checkpoint(
                body.chain(),
                body.height() + 99,
                body.blockHash(),
                body.historyRoot(),
                body.directoryRoot(),
                body.policyNumber(),
                body.timeMillis());
        assertProblem(post(SignedCheckpoint.sign(later, WITNESS, Instant.now())), 409, "other-height");
        Checkpoint other = new Checkpoint(
                body.chain(),
                body.height(),
                body.historyRoot(),
                body.historyRoot(),
                body.directoryRoot(),
                body.policyNumber(),
                body.timeMillis());
        assertProblem(post(SignedCheckpoint.sign(other, WITNESS, Instant.now())), 422, "other-head");
        assertProblem(gateway.post("/v1/chains/{c}/cosignatures", Bytes.fromHex("80")), 400, "malformed");
        assertThat(carries(
                        SignedCheckpoint.decode(gateway.body("/v1/chains/{c}/checkpoint?h=" + body.height())),
                        NETWORK.gateway.sig().publicKey()))
                .isFalse();
    }
}
