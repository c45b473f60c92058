package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.audit.AuditReport;
import dev.latchkey.cloud.audit.Auditor;
import dev.latchkey.cloud.export.Place;
import dev.latchkey.export.ChainSource;
import dev.latchkey.ledger.Header;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operators ask a running node for work, and it does the work. */
class MiningTest {
    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();
    private final Voucher voucher = network.voucher();
    private Policy policy = network.firstPolicy();
    private int joined;

    @Test
    void theNodeMinesWhatThePolicyAsksFor() throws Exception {
        try (CloudNode node = network.start(directory)) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            change(gateway, 8);
            join(gateway);
            assertNewest(gateway, 8);
            change(gateway, 12);
            List<CompletableFuture<TransactionAnswer>> several = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SignedTransaction join = next();
                several.add(CompletableFuture.supplyAsync(() -> submitted(gateway, join)));
            }
            for (CompletableFuture<TransactionAnswer> answer : several) {
                assertThat(answer.get()).isInstanceOf(TransactionAnswer.Accepted.class);
            }
            assertNewest(gateway, 12);
            change(gateway, 0);
            join(gateway);
            assertNewest(gateway, 0);
        }
        assertAuditorCountsIt();
    }

    /** A policy holds from the block after it: the change to 12 bits was made at 8, that to none at 12. */
    private void assertAuditorCountsIt() throws Exception {
        Path data = network.settings(directory).data();
        try (ChainSource source =
                new Place(data.toString(), Optional.empty(), Optional.empty()).open(TestNetwork.VERIFIER)) {
            AuditReport report =
                    new Auditor(source, Optional.of(network.chain), TestNetwork.VERIFIER, () -> {}).audit();
            assertThat(report.work().keySet()).containsExactly(8, 12);
            assertThat(report.work().get(8)).isEqualTo(2);
            assertThat(report.work().get(12)).isBetween(2L, 9L);
        }
    }

    private void change(TestClient gateway, int difficulty) throws Exception {
        SignedTransaction change =
                network.change(policy, successor -> TestNetwork.withDifficulty(successor, difficulty));
        assertThat(gateway.submit(change).get(0)).isInstanceOf(TransactionAnswer.Accepted.class);
        policy = ((PolicyChange) change.transaction()).policy();
    }

    private SignedTransaction next() {
        joined++;
        return network.join("d-" + joined, Identity.generate(TestNetwork.RANDOM), voucher);
    }

    private void join(TestClient gateway) {
        assertThat(submitted(gateway, next())).isInstanceOf(TransactionAnswer.Accepted.class);
    }

    private static TransactionAnswer submitted(TestClient gateway, SignedTransaction transaction) {
        try {
            return gateway.submit(transaction).get(0);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertNewest(TestClient gateway, int difficulty) throws Exception {
        VerifiedPolicy trusted = PolicyChain.verify(network.chain, walk(gateway), TestNetwork.VERIFIER);
        VerifiedCheckpoint head =
                CheckpointVerifier.verify(gateway.body("/v1/chains/{c}/checkpoint"), trusted, TestNetwork.VERIFIER);
        long height = head.checkpoint().height();
        Header header = HeaderProof.verify(
                        head, height, gateway.body("/v1/chains/{c}/headers/" + height + "?h=" + height))
                .header();
        assertThat(header.difficulty()).isEqualTo(difficulty);
        assertThat(Header.leadingZeroBits(head.checkpoint().blockHash())).isGreaterThanOrEqualTo(difficulty);
    }

    private static List<Bytes> walk(TestClient gateway) throws Exception {
        List<Bytes> transactions = new ArrayList<>();
        for (Item item : Cbor.decodeSequence(gateway.body("/v1/chains/{c}/policy"), 1 << 20)) {
            transactions.add(item.asBytes());
        }
        return transactions;
    }
}
