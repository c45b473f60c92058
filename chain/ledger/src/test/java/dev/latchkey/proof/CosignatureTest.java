package dev.latchkey.proof;

import static dev.latchkey.proof.Proving.NOW;
import static dev.latchkey.proof.Proving.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.TransactionSigning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CosignatureTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private final TestNetwork network = new TestNetwork();
    private VerifiedPolicy policy;
    private VerifiedPolicy before;

    @BeforeEach
    void nameAWitness() throws Exception {
        before = Proving.policy(network);
        Policy first = network.state.policy();
        Policy next = new Policy(
                1,
                Optional.of(first.hash()),
                first.operators(),
                first.replicas(),
                new Policy.Witnesses(
                        1,
                        List.of(new Policy.Witness(
                                "gateway-1", network.gateway.sig().publicKey()))),
                first.difficulty(),
                first.limits(),
                first.siblings(),
                first.blockVersion());
        network.apply(TransactionSigning.of(new PolicyChange(next), network.chain)
                .by(network.operator)
                .finish()
                .encode());
        policy = Proving.policy(network);
    }

    @Test
    void countsTheFreshCosignaturesOfThePolicysWitnesses() throws Exception {
        VerifiedCheckpoint alone = verify(by(network.replica, NOW));
        assertThat(alone.freshWitnesses(NOW, TEN_MINUTES)).isZero();
        SignedCheckpoint cosigned = by(network.replica, NOW)
                .with(by(network.gateway.sig(), NOW))
                .with(by(KeyPair.generate(network.random), NOW));
        VerifiedCheckpoint both = verify(cosigned);
        assertThat(both.freshWitnesses(NOW, TEN_MINUTES)).isOne();
        assertThat(both.freshWitnesses(NOW.plus(TEN_MINUTES), TEN_MINUTES)).isOne();
        assertThat(both.freshWitnesses(NOW.plus(TEN_MINUTES).plusSeconds(1), TEN_MINUTES))
                .isZero();
        assertThat(both.signed().encode()).isEqualTo(both.encode()).isEqualTo(cosigned.encode());
    }

    @Test
    void demandsThePolicysCosignaturesOrAsManyAsTheVerifierWants() throws Exception {
        SignedCheckpoint signed = by(network.replica, NOW);
        SignedCheckpoint cosigned = signed.with(by(network.gateway.sig(), NOW));
        Demand ofPolicy = Demand.ofPolicy(NOW);

        assertThat(verify(cosigned, ofPolicy).freshWitnesses(NOW, Demand.FRESH)).isOne();
        assertThat(verify(signed, ofPolicy.withWitnesses(0)).signedAt()).isEqualTo(NOW);
        refused(Reason.TOO_FEW_WITNESSES, () -> verify(signed, ofPolicy));
        refused(Reason.TOO_FEW_WITNESSES, () -> verify(cosigned, ofPolicy.withWitnesses(2)));
        Instant later = NOW.plus(TEN_MINUTES).plusSeconds(1);
        refused(Reason.STALE, () -> verify(cosigned, Demand.ofPolicy(later)));
        SignedCheckpoint renewed = by(network.replica, later).with(by(network.gateway.sig(), NOW));
        refused(Reason.TOO_FEW_WITNESSES, () -> verify(renewed, Demand.ofPolicy(later)));
        assertThatIllegalArgumentException().isThrownBy(() -> ofPolicy.withWitnesses(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Demand(NOW, Duration.ofSeconds(-1), OptionalInt.empty()));
    }

    @Test
    void aWitnessIsNoReplica() {
        refused(Reason.TOO_FEW_SIGNATURES, () -> verify(by(network.gateway.sig(), NOW)));
    }

    @Test
    void aCosignatureThatIsWrongOrOfAnotherBodyIsRefused() throws Exception {
        SignedCheckpoint other = SignedCheckpoint.sign(
                Proving.with(network.state.checkpoint(), network.state.blockHash()), network.gateway.sig(), NOW);
        byte[] spliced = by(network.replica, NOW)
                .with(by(network.gateway.sig(), NOW))
                .encode()
                .toArray();
        byte[] wrong = other.parts().get(0).signature().value().toArray();
        byte[] right = SignedCheckpoint.decode(Bytes.wrap(spliced)).parts().stream()
                .filter(part ->
                        part.kid().equals(network.gateway.sig().publicKey().kid()))
                .findFirst()
                .orElseThrow()
                .signature()
                .value()
                .toArray();
        int at = Collections.indexOfSubList(boxed(spliced), boxed(right));
        System.arraycopy(wrong, 0, spliced, at, wrong.length);
        refused(Reason.BAD_SIGNATURE, () -> verify(SignedCheckpoint.decode(Bytes.wrap(spliced))));
    }

    @Test
    void aStruckReplicaCountsForNothing() throws Exception {
        SignedCheckpoint signed = by(network.replica, NOW);
        VerifiedPolicy struck = new VerifiedPolicy(
                policy.chain(),
                policy.network(),
                policy.chainName(),
                policy.policy(),
                Set.of(network.replica.publicKey().kid()));
        assertThat(policy.struck()).isEmpty();
        assertThat(policy.standingReplicas()).containsExactly(network.replica.publicKey());
        assertThat(struck.standingReplicas()).isEmpty();
        refused(Reason.TOO_FEW_SIGNATURES, () -> CheckpointVerifier.verify(signed, struck, TestNetwork.VERIFIER));
    }

    @Test
    void aKnownPolicyIsWalkedOnFrom() throws Exception {
        List<Bytes> all = network.state.policyTransactions();
        VerifiedPolicy extended = PolicyChain.extend(before, all.subList(1, 2), TestNetwork.VERIFIER);
        assertThat(extended.policy()).isEqualTo(policy.policy());
        assertThat(extended.chainName()).isEqualTo("seattle");
        refused(Reason.BAD_POLICY, () -> PolicyChain.extend(policy, all.subList(1, 2), TestNetwork.VERIFIER));
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> boxed = new ArrayList<>();
        for (byte b : bytes) {
            boxed.add(b);
        }
        return boxed;
    }

    private SignedCheckpoint by(Signer signer, Instant moment) {
        Checkpoint body = network.state.checkpoint();
        return SignedCheckpoint.sign(body, signer, moment);
    }

    private VerifiedCheckpoint verify(SignedCheckpoint signed) throws ProofException {
        return CheckpointVerifier.verify(signed, policy, TestNetwork.VERIFIER);
    }

    private VerifiedCheckpoint verify(SignedCheckpoint signed, Demand demand) throws ProofException {
        return CheckpointVerifier.verify(signed.encode(), policy, demand, TestNetwork.VERIFIER);
    }
}
