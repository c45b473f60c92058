package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.protocol.TransactionAnswer.Accepted;
import dev.latchkey.protocol.TransactionAnswer.Rejected;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which transactions a node takes from a key that the chain does not know. */
class EntranceTest {
    @TempDir
    static Path directory;

    private static final TestNetwork NETWORK = new TestNetwork();
    private static CloudNode node;

    @BeforeAll
    static void start() throws Exception {
        node = NETWORK.start(directory);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static TestClient client(KeyPair key) {
        return new TestClient(NETWORK, node.address(), key);
    }

    private static TestClient stranger() {
        return client(TestNetwork.key());
    }

    private static Identity identity() {
        return Identity.generate(TestNetwork.RANDOM);
    }

    private static SignedTransaction signed(Transaction transaction, KeyPair key) {
        return TransactionSigning.of(transaction, NETWORK.chain).by(key).finish();
    }

    private static void assertForbidden(TestClient client, Bytes body) throws Exception {
        HttpResponse<byte[]> answer = client.post("/v1/chains/{c}/transactions", body);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(TestClient.code(answer)).isEqualTo("forbidden");
    }

    private static void assertAccepted(TestClient client, SignedTransaction transaction) throws Exception {
        assertThat(client.submit(transaction).get(0)).isInstanceOf(Accepted.class);
    }

    @Test
    void operatorsWorkFromAnyKey() throws Exception {
        assertAccepted(client(NETWORK.gateway.dtls()), NETWORK.join("d-1", identity(), NETWORK.voucher()));
        assertAccepted(stranger(), NETWORK.change(NETWORK.firstPolicy(), policy -> policy));
        assertAccepted(stranger(), signed(new Standing(Standing.Act.SUSPEND, "d-1", 2), NETWORK.operator));
        assertAccepted(stranger(), signed(new Standing(Standing.Act.REVOKE, "d-1", 3), NETWORK.operator));
        Identity auditor = identity();
        Join join = new Join("auditor-1", 1, Role.AUDITOR, auditor.keys(), Optional.empty(), Optional.empty());
        assertAccepted(
                stranger(), TransactionSigning.joinEndorsed(join, NETWORK.chain, auditor, List.of(NETWORK.operator)));
        assertThat(client(auditor.dtls()).get("/v1/chains/{c}/blocks?from=0").statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatOnlyLooksSignedByOperatorsIsRefusedByTheRules() throws Exception {
        SignedTransaction genuine = signed(new Standing(Standing.Act.SUSPEND, "gw-1", 2), NETWORK.operator);
        byte[] forged = genuine.encode().toArray();
        forged[forged.length - 1] ^= 1;
        TransactionAnswer answer =
                stranger().submit(SignedTransaction.decode(Bytes.wrap(forged))).get(0);
        assertThat(((Rejected) answer).code()).isEqualTo("bad-signature");
    }

    @Test
    void aStrangerPostsNothingElse() throws Exception {
        Identity other = identity();
        Bytes notItsOwn = NETWORK.join("d-other", other, NETWORK.voucher()).encode();
        assertForbidden(stranger(), notItsOwn);
        assertForbidden(client(other.sig()), notItsOwn);
        Standing byAdmin = new Standing(Standing.Act.SUSPEND, "gw-1", 2);
        assertForbidden(stranger(), signed(byAdmin, NETWORK.admin.sig()).encode());
        assertForbidden(stranger(), Bytes.fromHex("8101"));
        Bytes one = signed(byAdmin, NETWORK.operator).encode();
        assertForbidden(stranger(), Bytes.concat(one, one));
    }

    @Test
    void whoLostItsKeysComesBackByTheNextOne() throws Exception {
        Identity lost = identity();
        Identity back = identity();
        Join join = new Join(
                "d-lost",
                1,
                Role.MEMBER,
                lost.keys(),
                Optional.of(MemberRecord.commitment(back.sig().publicKey())),
                Optional.of(NETWORK.voucher()));
        assertAccepted(
                client(lost.dtls()), TransactionSigning.joinByVoucher(join, NETWORK.chain, lost, NETWORK.voucherKey));
        Recover recover = new Recover("d-lost", 2, back.keys(), Optional.empty());
        SignedTransaction signed = TransactionSigning.of(recover, NETWORK.chain)
                .by(back.sig())
                .possessedBy(back.dtls())
                .finish();
        assertForbidden(stranger(), signed.encode());
        assertAccepted(client(back.dtls()), signed);
        assertThat(client(back.dtls()).get("/v1/chains/{c}/keys/d-lost").statusCode())
                .isEqualTo(200);
        assertThat(client(lost.dtls()).get("/v1/chains/{c}/keys/d-lost").statusCode())
                .isEqualTo(403);
    }

    @Test
    void aBatchLetsEachOfItsMembersIn() throws Exception {
        Identity invited = identity();
        Join join = new Join("d-batch", 1, Role.MEMBER, invited.keys(), Optional.empty(), Optional.empty());
        BatchTicket ticket = BatchEndorsement.issue(
                        NETWORK.chain, List.of(join.body()), Instant.now().plusSeconds(60), NETWORK.admin.sig())
                .get(0);
        SignedTransaction signed = TransactionSigning.joinOfBatch(join, NETWORK.chain, invited, ticket);
        assertForbidden(stranger(), signed.encode());
        assertAccepted(client(invited.dtls()), signed);
    }

    @Test
    void aSuspendedMemberReadsNothing() throws Exception {
        Identity device = identity();
        TestClient itself = client(device.dtls());
        assertAccepted(itself, NETWORK.join("d-rests", device, NETWORK.voucher()));
        assertAccepted(stranger(), signed(new Standing(Standing.Act.SUSPEND, "d-rests", 2), NETWORK.operator));
        assertThat(itself.get("/v1/chains/{c}/keys/d-rests").statusCode()).isEqualTo(403);
        assertForbidden(
                itself,
                NETWORK.join("d-by-other", identity(), NETWORK.voucher()).encode());
    }
}
