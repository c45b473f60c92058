package dev.latchkey.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.Step;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.SignedTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LightProofsTest {
    private static final Instant NOW = Instant.ofEpochMilli(TestNetwork.T0);
    private final TestNetwork network = new TestNetwork();

    @Test
    void aDeviceThatKnowsOnlyTheChainIdProvesAKeyForItself() throws Exception {
        Identity device = network.joined("d-1");
        network.joined("d-2");
        VerifiedPolicy policy =
                PolicyChain.verify(network.chain, List.of(network.genesisTransaction), TestNetwork.VERIFIER);
        VerifiedCheckpoint checkpoint = CheckpointVerifier.verify(signed().encode(), policy, TestNetwork.VERIFIER);
        Bytes answer = KeyProof.answer(network.state, "d-1");

        VerifiedKey key = KeyProof.verify(checkpoint, "d-1", answer);

        assertThat(key.record().keys()).isEqualTo(device.keys());
        assertThat(key.record().isActive()).isTrue();
        assertThat(checkpoint.isFresh(NOW, Duration.ofMinutes(10))).isTrue();
        assertThat(answer.size()).isLessThan(400);
        assertThatExceptionOfType(ProofException.class)
                .isThrownBy(() -> KeyProof.verify(checkpoint, "d-2", answer))
                .matches(e -> e.reason() == ProofException.Reason.WRONG_ROOT);
    }

    @Test
    void aReceiptProvesTheTransactionAndNoOther() throws Exception {
        Identity device = Identity.generate(network.random);
        SignedTransaction join = network.join("d-1", device, network.voucher("*", 1));
        Step step = network.apply(join.encode());
        Outcome.Applied applied = (Outcome.Applied) step.outcomes().get(0);
        network.joined("d-2");
        Bytes receipt =
                Receipt.make(Block.decode(network.blocks.get(1)), applied.location(), network.history, signed());
        VerifiedPolicy policy =
                PolicyChain.verify(network.chain, List.of(network.genesisTransaction), TestNetwork.VERIFIER);

        VerifiedReceipt verified = Receipt.verify(receipt, join.encode(), policy, TestNetwork.VERIFIER);

        assertThat(verified.location()).isEqualTo(applied.location());
        assertThat(verified.header().blockHash())
                .isEqualTo(step.block().orElseThrow().hash());
        assertThatExceptionOfType(ProofException.class)
                .isThrownBy(() -> Receipt.verify(receipt, network.genesisTransaction, policy, TestNetwork.VERIFIER))
                .matches(e -> e.reason() == ProofException.Reason.WRONG_SUBJECT);
    }

    @Test
    void aHeaderIsProvedUnderALaterCheckpoint() throws Exception {
        network.joined("d-1");
        ChainState then = network.state;
        network.joined("d-2");
        VerifiedPolicy policy =
                PolicyChain.verify(network.chain, List.of(network.genesisTransaction), TestNetwork.VERIFIER);
        VerifiedCheckpoint checkpoint = CheckpointVerifier.verify(signed(), policy, TestNetwork.VERIFIER);
        Bytes answer = HeaderProof.answer(network.history, 1, then.headerBytes(), 2);

        assertThat(HeaderProof.verify(checkpoint, 1, answer).blockHash()).isEqualTo(then.blockHash());
        assertThatExceptionOfType(ProofException.class)
                .isThrownBy(() -> HeaderProof.verify(checkpoint, 0, answer))
                .matches(e -> e.reason() == ProofException.Reason.WRONG_ROOT);
    }

    @Test
    void aSleeperChecksNoSignatureButTheNewCheckpoints() throws Exception {
        VerifiedPolicy policy = Proving.policy(network);
        VerifiedCheckpoint before = CheckpointVerifier.verify(signed(), policy, TestNetwork.VERIFIER);
        for (int i = 0; i < 9; i++) {
            network.joined("d-" + i);
        }
        AtomicInteger signatures = new AtomicInteger();
        EcVerifier counting = (key, message, signature) -> {
            signatures.incrementAndGet();
            return TestNetwork.VERIFIER.verify(key, message, signature);
        };
        VerifiedCheckpoint now = CheckpointVerifier.verify(signed(), policy, counting);

        assertThat(ConsistencyProof.verify(before, now, ConsistencyProof.answer(network.history, 0, 9)))
                .isSameAs(now);
        assertThat(signatures).hasValue(1);
    }

    @Test
    void aCheckpointSignedByAStrangerCountsForNothing() throws Exception {
        VerifiedPolicy policy =
                PolicyChain.verify(network.chain, List.of(network.genesisTransaction), TestNetwork.VERIFIER);
        SignedCheckpoint forged =
                SignedCheckpoint.sign(network.state.checkpoint(), KeyPair.generate(network.random), NOW);

        assertThatExceptionOfType(ProofException.class)
                .isThrownBy(() -> CheckpointVerifier.verify(forged, policy, TestNetwork.VERIFIER))
                .matches(e -> e.reason() == ProofException.Reason.TOO_FEW_SIGNATURES);
        assertThat(CheckpointVerifier.verify(forged.with(signed()), policy, TestNetwork.VERIFIER)
                        .signedAt())
                .isEqualTo(NOW);
    }

    @Test
    void aCheckpointOfAnotherChainIsRefused() throws Exception {
        TestNetwork other = new TestNetwork("tacoma");
        VerifiedPolicy policy =
                PolicyChain.verify(other.chain, List.of(other.genesisTransaction), TestNetwork.VERIFIER);

        assertThatExceptionOfType(ProofException.class)
                .isThrownBy(() -> CheckpointVerifier.verify(signed(), policy, TestNetwork.VERIFIER))
                .matches(e -> e.reason() == ProofException.Reason.OTHER_CHAIN);
        assertThatExceptionOfType(ProofException.class)
                .isThrownBy(() ->
                        PolicyChain.verify(network.chain, List.of(other.genesisTransaction), TestNetwork.VERIFIER))
                .matches(e -> e.reason() == ProofException.Reason.BAD_GENESIS);
    }

    @Test
    void everyBlockVerifiesFromGenesisOn() throws Exception {
        network.joined("d-1");
        network.joined("d-2");
        BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);

        VerifiedBlock block = verifier.verifyGenesis(network.chain, network.blocks.get(0));
        for (Bytes encoded : network.blocks.subList(1, network.blocks.size())) {
            block = verifier.verify(block.after(), encoded);
            assertThat(block.changed()).hasSize(1);
        }

        assertThat(block.after().directoryRoot()).isEqualTo(network.state.directoryRoot());
        assertThat(block.after().historyRoot()).isEqualTo(network.history.root(3));
        assertThat(block.after().memberCount()).isEqualTo(4);
    }

    private SignedCheckpoint signed() {
        return SignedCheckpoint.sign(network.state.checkpoint(), network.replica, NOW);
    }
}
