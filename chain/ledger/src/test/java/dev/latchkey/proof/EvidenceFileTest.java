package dev.latchkey.proof;

import static dev.latchkey.proof.Proving.NOW;
import static dev.latchkey.proof.Proving.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.TransactionSigning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EvidenceFileTest {
    private final TestNetwork network = new TestNetwork();
    private final KeyPair filer = KeyPair.generate(network.random);
    private Checkpoint head;
    private SignedCheckpoint honest;
    private SignedCheckpoint lie;

    @BeforeEach
    void lieOnce() {
        network.joined("d-1");
        network.joined("d-2");
        head = network.state.checkpoint();
        honest = SignedCheckpoint.sign(head, network.replica, NOW);
        lie = SignedCheckpoint.sign(Proving.with(head, Digest.ZERO), network.replica, NOW);
    }

    @Test
    void convictsWhoSignedTwoBodiesForOneHeight() throws Exception {
        Bytes file = file(honest, lie, Optional.empty());
        assertThat(EvidenceFile.claimedChain(file)).isEqualTo(network.chain);

        VerifiedEvidence evidence = verify(file);

        assertThat(evidence.liars()).containsExactly(network.replica.publicKey());
        assertThat(evidence.fork()).isEmpty();
        assertThat(evidence.contradiction().first().encode()).isEqualTo(honest.encode());
        assertThat(evidence.policy().chainName()).isEqualTo("seattle");
    }

    @Test
    void convictsWhoSignedTwoHistories() throws Exception {
        Bytes header = Block.decode(network.blocks.get(1)).header();
        HistoryTree other = new HistoryTree();
        other.append(network.history.leafHash(0));
        Bytes forged = Bytes.concat(header.slice(0, header.size() - 1), Bytes.of((byte) 0x7f));
        other.append(Rfc9162.leafHash(forged));
        Checkpoint body = new Checkpoint(
                network.chain,
                1,
                Digest.sha256(forged),
                other.root(2),
                head.directoryRoot(),
                head.policyNumber(),
                head.timeMillis());
        SignedCheckpoint shorter = SignedCheckpoint.sign(body, network.replica, NOW);
        Bytes answers = HeaderProof.answer(network.history, 1, header, 2);
        Bytes lies = HeaderProof.answer(other, 1, forged, 1);
        Evidence.Fork fork = HeaderProof.fork(1, answers, lies);

        VerifiedEvidence evidence = verify(file(honest, shorter, Optional.of(fork)));

        assertThat(evidence.liars()).containsExactly(network.replica.publicKey());
        assertThat(evidence.fork()).contains(fork);
        refused(Reason.NO_CONTRADICTION, () -> verify(file(honest, shorter, Optional.empty())));
        Evidence.Fork agreeing = HeaderProof.fork(1, answers, answers);
        refused(Reason.NO_CONTRADICTION, () -> verify(file(honest, shorter, Optional.of(agreeing))));
        Evidence.Fork wrongHeight = HeaderProof.fork(0, answers, lies);
        refused(Reason.NO_CONTRADICTION, () -> verify(file(honest, shorter, Optional.of(wrongHeight))));
        refused(Reason.MALFORMED, () -> HeaderProof.fork(1, answers, Bytes.EMPTY));
    }

    @Test
    void whatAgreesOrOnlyOneSignedConvictsNobody() {
        SignedCheckpoint again = SignedCheckpoint.sign(head, network.replica, NOW.plusSeconds(60));
        refused(Reason.NO_CONTRADICTION, () -> verify(file(honest, again, Optional.empty())));
        SignedCheckpoint strangers = SignedCheckpoint.sign(lie.checkpoint(), KeyPair.generate(network.random), NOW);
        refused(Reason.NO_CONTRADICTION, () -> verify(file(honest, strangers, Optional.empty())));
        SignedCheckpoint witness = SignedCheckpoint.sign(head, network.gateway.sig(), NOW);
        SignedCheckpoint witnessToo = SignedCheckpoint.sign(lie.checkpoint(), network.gateway.sig(), NOW);
        refused(Reason.NO_CONTRADICTION, () -> verify(file(witness, witnessToo, Optional.empty())));
    }

    @Test
    void anotherChainsFileIsRefused() {
        TestNetwork other = new TestNetwork("tacoma");
        Bytes file = file(honest, lie, Optional.empty());
        refused(Reason.OTHER_CHAIN, () -> EvidenceFile.verify(other.chain, file, TestNetwork.VERIFIER));
        Checkpoint body = other.state.checkpoint();
        SignedCheckpoint one = SignedCheckpoint.sign(body, other.replica, NOW);
        SignedCheckpoint two = SignedCheckpoint.sign(Proving.with(body, Digest.ZERO), other.replica, NOW);
        Bytes claims = EvidenceFile.make(other.chain, network.state.policyTransactions(), one, two, Optional.empty());
        refused(Reason.BAD_GENESIS, () -> EvidenceFile.verify(other.chain, claims, TestNetwork.VERIFIER));
        Bytes about = EvidenceFile.make(other.chain, other.state.policyTransactions(), honest, lie, Optional.empty());
        refused(Reason.OTHER_CHAIN, () -> EvidenceFile.verify(other.chain, about, TestNetwork.VERIFIER));
    }

    @Test
    void everySpoiltFileIsRefused() throws Exception {
        List<Item> items = Cbor.decodeSequence(file(honest, lie, Optional.empty()), EvidenceFile.MAX_BYTES);
        for (int left = 0; left < items.size(); left++) {
            List<Item> fewer = new ArrayList<>(items);
            fewer.remove(left);
            refused(() -> verify(Cbor.encodeSequence(fewer)));
            List<Item> more = new ArrayList<>(items);
            more.add(left, items.get(left));
            refused(() -> verify(Cbor.encodeSequence(more)));
        }
        Bytes shown = items.get(items.size() - 1).asBytes();
        for (int i = 0; i < shown.size(); i += 3) {
            byte[] flipped = shown.toArray();
            flipped[i] ^= (byte) (1 << i % Byte.SIZE);
            for (Bytes spoilt : List.of(shown.slice(0, i), Bytes.wrap(flipped))) {
                List<Item> changed = new ArrayList<>(items);
                changed.set(items.size() - 1, Cbor.bytes(spoilt));
                refused(() -> verify(Cbor.encodeSequence(changed)));
            }
        }
        refused(Reason.MALFORMED, () -> EvidenceFile.claimedChain(Bytes.EMPTY));
        refused(Reason.MALFORMED, () -> EvidenceFile.claimedChain(Bytes.fromHex("01020304")));
    }

    @Test
    void aFiledFileStrikesTheReplicaForEveryLightVerifier() throws Exception {
        VerifiedPolicy before = Proving.policy(network);
        VerifiedEvidence evidence = verify(file(honest, lie, Optional.empty()));
        network.apply(TransactionSigning.of(evidence.filedBy(filer.publicKey()), network.chain)
                .by(filer)
                .finish()
                .encode());

        VerifiedPolicy after = Proving.policy(network);

        assertThat(after.struck()).containsExactly(network.replica.publicKey().kid());
        assertThat(after.struck()).isEqualTo(network.state.struck());
        assertThat(after.standingReplicas()).isEmpty();
        assertThat(after.policy()).isEqualTo(before.policy());
        SignedCheckpoint newest = SignedCheckpoint.sign(network.state.checkpoint(), network.replica, NOW);
        refused(Reason.TOO_FEW_SIGNATURES, () -> CheckpointVerifier.verify(newest, after, TestNetwork.VERIFIER));
        assertThat(CheckpointVerifier.verify(newest, before, TestNetwork.VERIFIER)
                        .signedAt())
                .isEqualTo(NOW);
        List<Bytes> twice = new ArrayList<>(network.state.policyTransactions());
        twice.add(twice.get(1));
        refused(Reason.BAD_POLICY, () -> PolicyChain.verify(network.chain, twice, TestNetwork.VERIFIER));
        assertThat(verify(file(honest, lie, Optional.empty())).liars()).containsExactly(network.replica.publicKey());
    }

    private Bytes file(SignedCheckpoint first, SignedCheckpoint second, Optional<Evidence.Fork> fork) {
        return EvidenceFile.make(network.chain, network.state.policyTransactions(), first, second, fork);
    }

    private VerifiedEvidence verify(Bytes file) throws ProofException {
        return EvidenceFile.verify(network.chain, file, TestNetwork.VERIFIER);
    }
}
