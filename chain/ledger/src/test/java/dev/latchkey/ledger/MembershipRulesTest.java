package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MembershipRulesTest {
    private final TestNetwork network = new TestNetwork();
    private final KeyPair next = KeyPair.generate(network.random);
    private final Optional<Digest> committed = Optional.of(MemberRecord.commitment(next.publicKey()));

    @Test
    void aMemberRotatesAnySubsetOfItsKeys() {
        Identity device = network.joined("d-1");
        Identity fresh = Identity.generate(network.random);
        Rotate kexOnly = new Rotate(
                "d-1", 2, Optional.empty(), Optional.of(fresh.kex().publicKey()), Optional.empty(), Optional.empty());
        applied(signing(kexOnly).by(device.sig()));
        Rotate others = new Rotate(
                "d-1",
                3,
                Optional.of(fresh.sig().publicKey()),
                Optional.empty(),
                Optional.of(fresh.dtls().publicKey()),
                Optional.empty());
        applied(signing(others).by(device.sig()).by(fresh.sig()).possessedBy(fresh.dtls()));

        MemberRecord record = record("d-1");
        assertThat(record.keys()).isEqualTo(fresh.keys());
        assertThat(record.sequence()).isEqualTo(3);
    }

    @Test
    void aRotationNeedsTheOldKeyAndProofOfEachNewSigningKey() {
        Identity device = network.joined("d-1");
        Identity fresh = Identity.generate(network.random);
        Rotate rotate = new Rotate(
                "d-1",
                2,
                Optional.of(fresh.sig().publicKey()),
                Optional.empty(),
                Optional.of(fresh.dtls().publicKey()),
                Optional.empty());

        refused(signing(rotate).by(fresh.sig()).possessedBy(fresh.dtls()), Refusal.MISSING_SIGNATURE);
        refused(signing(rotate).by(device.sig()).possessedBy(fresh.dtls()), Refusal.MISSING_SIGNATURE);
        refused(signing(rotate).by(device.sig()).by(fresh.sig()), Refusal.MISSING_SIGNATURE);
    }

    @Test
    void aRotationBringsNoKeyThatWasEverSeen() {
        Identity device = network.joined("d-1");
        Identity other = network.joined("d-2");
        Rotate stolen = new Rotate(
                "d-1", 2, Optional.empty(), Optional.of(other.kex().publicKey()), Optional.empty(), Optional.empty());

        refused(signing(stolen).by(device.sig()), Refusal.KEY_REUSED);
    }

    @Test
    void aThiefOfTheSigKeyCannotReplaceItOnceThereIsACommitment() {
        Identity device = joinedWithCommitment("d-1");
        KeyPair thiefs = KeyPair.generate(network.random);
        Rotate toHis = new Rotate(
                "d-1", 2, Optional.of(thiefs.publicKey()), Optional.empty(), Optional.empty(), Optional.empty());
        refused(signing(toHis).by(device.sig()).by(thiefs), Refusal.NEXT_KEY);
        Rotate ofTheCommitment = new Rotate(
                "d-1",
                2,
                Optional.empty(),
                Optional.of(thiefs.publicKey()),
                Optional.empty(),
                Optional.of(MemberRecord.commitment(thiefs.publicKey())));
        refused(signing(ofTheCommitment).by(device.sig()), Refusal.NEXT_KEY);

        Rotate toTheCommitted = new Rotate(
                "d-1", 2, Optional.of(next.publicKey()), Optional.empty(), Optional.empty(), Optional.empty());
        applied(signing(toTheCommitted).by(device.sig()).by(next));
        assertThat(record("d-1").keys().sig()).isEqualTo(next.publicKey());
    }

    @Test
    void theCommittedKeyRecoversAMemberAtOnce() {
        joinedWithCommitment("d-1");
        Identity fresh = Identity.generate(network.random);
        Identity recovered = new Identity(next, fresh.kex(), fresh.dtls());
        Recover byStranger = new Recover("d-1", 2, fresh.keys(), Optional.empty());
        refused(signing(byStranger).by(fresh.sig()).possessedBy(fresh.dtls()), Refusal.NEXT_KEY);

        Recover recover = new Recover("d-1", 2, recovered.keys(), Optional.empty());
        refused(signing(recover).possessedBy(fresh.dtls()), Refusal.MISSING_SIGNATURE);
        applied(signing(recover).by(next).possessedBy(fresh.dtls()));
        assertThat(record("d-1").keys()).isEqualTo(recovered.keys());
        assertThat(record("d-1").isActive()).isTrue();
    }

    @Test
    void recoveryDoesNotLiftASuspension() {
        joinedWithCommitment("d-1");
        applied(signing(new Standing(Standing.Act.SUSPEND, "d-1", 2)).by(network.admin.sig()));
        Identity fresh = Identity.generate(network.random);
        Recover recover = new Recover("d-1", 3, new Identity(next, fresh.kex(), fresh.dtls()).keys(), Optional.empty());

        applied(signing(recover).by(next).possessedBy(fresh.dtls()));

        assertThat(record("d-1").state()).isInstanceOf(MemberState.Suspended.class);
    }

    @Test
    void whoCommittedToNothingCannotRecover() {
        network.joined("d-1");
        Identity fresh = Identity.generate(network.random);
        Recover recover = new Recover("d-1", 2, fresh.keys(), Optional.empty());

        refused(signing(recover).by(fresh.sig()).possessedBy(fresh.dtls()), Refusal.NEXT_KEY);
    }

    @Test
    void anAdminSuspendsResumesAndRevokes() {
        Identity device = network.joined("d-1");
        applied(signing(new Standing(Standing.Act.SUSPEND, "d-1", 2)).by(network.admin.sig()));
        assertThat(record("d-1").isActive()).isFalse();
        refused(signing(new Standing(Standing.Act.SUSPEND, "d-1", 3)).by(network.admin.sig()), Refusal.UNKNOWN_MEMBER);
        Rotate whileSuspended = new Rotate(
                "d-1",
                3,
                Optional.empty(),
                Optional.of(KeyPair.generate(network.random).publicKey()),
                Optional.empty(),
                Optional.empty());
        refused(signing(whileSuspended).by(device.sig()), Refusal.UNKNOWN_MEMBER);
        applied(signing(new Standing(Standing.Act.RESUME, "d-1", 3)).by(network.admin.sig()));
        assertThat(record("d-1").isActive()).isTrue();
        applied(signing(new Standing(Standing.Act.REVOKE, "d-1", 4)).by(network.admin.sig()));
        assertThat(record("d-1").state()).isInstanceOf(MemberState.Revoked.class);
        for (Standing.Act act : Standing.Act.values()) {
            refused(signing(new Standing(act, "d-1", 5)).by(network.admin.sig()), Refusal.UNKNOWN_MEMBER);
        }
        Join again = new Join(
                "d-1", 5, Role.MEMBER, Identity.generate(network.random).keys(), Optional.empty(), Optional.empty());
        refused(signing(again).by(network.admin.sig()), Refusal.NAME_TAKEN);
    }

    @Test
    void noMemberJudgesAnotherAndNoAdminAnAdminOrGateway() {
        Identity device = network.joined("d-1");
        network.joined("d-2");

        refused(signing(new Standing(Standing.Act.REVOKE, "d-2", 2)).by(device.sig()), Refusal.MISSING_SIGNATURE);
        for (String name : List.of("admin", "gateway-1")) {
            refused(
                    signing(new Standing(Standing.Act.SUSPEND, name, 2)).by(network.admin.sig()),
                    Refusal.MISSING_SIGNATURE);
            applied(signing(new Standing(Standing.Act.SUSPEND, name, 2)).by(network.operator));
        }
    }

    @Test
    void aMemberMakesOnlySoManyTransactionsAnHour() {
        Identity device = network.joined("d-1");
        Policy limited = policy(new Policy.Limits(2, 720));
        applied(signing(new PolicyChange(limited)).by(network.operator));
        for (int i = 0; i < 2; i++) {
            applied(signing(kexRotation(2 + i)).by(device.sig()));
        }

        refused(signing(kexRotation(4)).by(device.sig()), Refusal.TOO_MANY);
    }

    @Test
    void aPolicyFollowsFromTheOneBefore() throws Exception {
        Policy first = network.state.policy();
        KeyPair newOperator = KeyPair.generate(network.random);
        KeyPair newReplica = KeyPair.generate(network.random);
        Policy second = new Policy(
                1,
                Optional.of(first.hash()),
                new Policy.Operators(1, List.of(newOperator.publicKey())),
                new Policy.Replicas(
                        1,
                        List.of(new Policy.Replica(
                                newReplica.publicKey(),
                                KeyPair.generate(network.random).publicKey()))),
                new Policy.Witnesses(
                        1,
                        List.of(new Policy.Witness(
                                "gateway-1", network.gateway.sig().publicKey()))),
                0,
                first.limits(),
                List.of(),
                first.blockVersion());

        refused(signing(new PolicyChange(second)).by(newOperator), Refusal.MISSING_SIGNATURE);
        refused(signing(new PolicyChange(second)).by(network.admin.sig()), Refusal.MISSING_SIGNATURE);
        applied(signing(new PolicyChange(second)).by(network.operator));

        VerifiedPolicy walked =
                PolicyChain.verify(network.chain, network.state.policyTransactions(), TestNetwork.VERIFIER);
        assertThat(walked.policy()).isEqualTo(second);
        SignedCheckpoint byNew =
                SignedCheckpoint.sign(network.state.checkpoint(), newReplica, Instant.ofEpochMilli(TestNetwork.T0));
        assertThat(CheckpointVerifier.verify(byNew, walked, TestNetwork.VERIFIER)
                        .checkpoint()
                        .policyNumber())
                .isEqualTo(1);
        SignedCheckpoint byOld = SignedCheckpoint.sign(
                network.state.checkpoint(), network.replica, Instant.ofEpochMilli(TestNetwork.T0));
        assertThatExceptionOfType(ProofException.class)
                .isThrownBy(() -> CheckpointVerifier.verify(byOld, walked, TestNetwork.VERIFIER))
                .matches(e -> e.reason() == ProofException.Reason.TOO_FEW_SIGNATURES);
    }

    @Test
    void aPolicyThatSkipsForksOrBorrowsIsRefused() {
        Policy good = policy(Policy.Limits.DEFAULT);
        Policy skips = new Policy(
                2,
                good.previous(),
                good.operators(),
                good.replicas(),
                good.witnesses(),
                0,
                good.limits(),
                List.of(),
                good.blockVersion());
        refused(signing(new PolicyChange(skips)).by(network.operator), Refusal.BAD_SEQUENCE);
        Policy forks = new Policy(
                1,
                Optional.of(Digest.ZERO),
                good.operators(),
                good.replicas(),
                good.witnesses(),
                0,
                good.limits(),
                List.of(),
                good.blockVersion());
        refused(signing(new PolicyChange(forks)).by(network.operator), Refusal.BAD_POLICY);
        Policy borrows = new Policy(
                1,
                good.previous(),
                new Policy.Operators(1, List.of(network.gateway.sig().publicKey())),
                good.replicas(),
                good.witnesses(),
                0,
                good.limits(),
                List.of(),
                good.blockVersion());
        refused(signing(new PolicyChange(borrows)).by(network.operator), Refusal.BAD_POLICY);
        Policy stranger = new Policy(
                1,
                good.previous(),
                good.operators(),
                good.replicas(),
                new Policy.Witnesses(
                        0,
                        List.of(new Policy.Witness("admin", network.admin.sig().publicKey()))),
                0,
                good.limits(),
                List.of(),
                good.blockVersion());
        refused(signing(new PolicyChange(stranger)).by(network.operator), Refusal.BAD_POLICY);
    }

    @Test
    void difficultyOfAPolicyHoldsFromTheNextBlockOn() throws Exception {
        Policy first = network.state.policy();
        Policy harder = new Policy(
                1,
                Optional.of(first.hash()),
                first.operators(),
                first.replicas(),
                first.witnesses(),
                8,
                first.limits(),
                List.of(),
                first.blockVersion());
        ChainState before = network.state;
        Step step = applied(signing(new PolicyChange(harder)).by(network.operator));
        BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
        VerifiedBlock block = verifier.verify(before, step.block().orElseThrow().encoded());
        assertThat(block.header().difficulty()).isZero();

        Bytes join = network.join("d-1", Identity.generate(network.random), network.voucher("*", 1))
                .encode();
        Step mined = mine(block.after(), join);
        VerifiedBlock hard =
                verifier.verify(block.after(), mined.block().orElseThrow().encoded());
        assertThat(Header.leadingZeroBits(hard.hash())).isGreaterThanOrEqualTo(8);
    }

    private Step mine(ChainState parent, Bytes transaction) {
        for (int i = 0; i < 100_000; i++) {
            Bytes nonce = Bytes.fromHex(String.format("%016x", i));
            Entry entry = new Entry(
                    network.chain,
                    parent.header().timeMillis(),
                    nonce,
                    Optional.of(parent.blockHash()),
                    List.of(transaction));
            Step step = Ledger.apply(parent, entry);
            if (step.block().isPresent()) {
                return step;
            }
            assertThat(step.outcomes()).containsExactly(new Outcome.Refused(Refusal.STALE_WORK));
        }
        throw new AssertionError("8 bits take 256 tries on average");
    }

    private Rotate kexRotation(long sequence) {
        return new Rotate(
                "d-1",
                sequence,
                Optional.empty(),
                Optional.of(KeyPair.generate(network.random).publicKey()),
                Optional.empty(),
                Optional.empty());
    }

    private Policy policy(Policy.Limits limits) {
        Policy first = network.state.policy();
        return new Policy(
                1,
                Optional.of(first.hash()),
                first.operators(),
                first.replicas(),
                first.witnesses(),
                0,
                limits,
                List.of(),
                first.blockVersion());
    }

    private Identity joinedWithCommitment(String name) {
        Identity device = Identity.generate(network.random);
        Join join = new Join(name, 1, Role.MEMBER, device.keys(), committed, Optional.of(network.voucher(name, 1)));
        applied(signing(join).by(device.sig()).possessedBy(device.dtls()).by(network.voucherKey));
        return device;
    }

    private MemberRecord record(String name) {
        return network.state.member(name).orElseThrow();
    }

    private TransactionSigning signing(Transaction transaction) {
        return TransactionSigning.of(transaction, network.chain);
    }

    private Step applied(TransactionSigning signing) {
        SignedTransaction signed = signing.finish();
        assertThat(Admission.check(network.state, signed.encode(), TestNetwork.T0, TestNetwork.VERIFIER))
                .isInstanceOf(Outcome.Applied.class);
        Step step = network.apply(signed.encode());
        assertThat(step.outcomes().get(0)).isInstanceOf(Outcome.Applied.class);
        return step;
    }

    private void refused(TransactionSigning signing, Refusal reason) {
        Bytes transaction = signing.finish().encode();
        assertThat(Admission.check(network.state, transaction, TestNetwork.T0, TestNetwork.VERIFIER))
                .isEqualTo(new Outcome.Refused(reason));
        assertThat(network.apply(transaction).outcomes()).containsExactly(new Outcome.Refused(reason));
    }
}
