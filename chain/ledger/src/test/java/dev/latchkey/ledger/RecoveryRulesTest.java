package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Veto;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecoveryRulesTest {
    private final TestNetwork network = new TestNetwork();
    private final KeyPair next = KeyPair.generate(network.random);
    private final Identity lost = Identity.generate(network.random);
    private final Identity fresh = Identity.generate(network.random);

    @BeforeEach
    void join() {
        Join join = new Join(
                "d-1",
                1,
                Role.MEMBER,
                lost.keys(),
                Optional.of(MemberRecord.commitment(next.publicKey())),
                Optional.of(network.voucher("d-1", 1)));
        applied(signing(join).by(lost.sig()).possessedBy(lost.dtls()).by(network.voucherKey));
    }

    @Test
    void newKeysTakeEffectAfterThreeDaysAndNotBefore() throws Exception {
        applied(recovery(2));
        assertThat(keys()).isEqualTo(lost);
        network.pass(RecoveryRules.OBJECTION_MILLIS - 2);
        network.joined("d-2");
        assertThat(keys()).isEqualTo(lost);
        network.pass(1);
        ChainState before = network.state;
        Step step =
                network.apply(network.join("d-3", Identity.generate(network.random), network.voucher("*", 1, later()))
                        .encode());

        assertThat(keys()).isEqualTo(fresh);
        assertThat(record().sequence()).isEqualTo(2);
        VerifiedBlock verified = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run)
                .verify(before, step.block().orElseThrow().encoded());
        assertThat(verified.changed().stream().map(MemberRecord::name)).containsExactly("d-1", "d-3");
        assertThat(verified.after().directoryRoot()).isEqualTo(network.state.directoryRoot());
    }

    @Test
    void theHourlySealAloneIsEnoughToLetItTakeEffect() {
        applied(recovery(2));
        network.pass(RecoveryRules.OBJECTION_MILLIS);

        assertThat(network.apply().block()).isPresent();

        assertThat(keys()).isEqualTo(fresh);
    }

    @Test
    void theMemberObjectsWithItsCurrentKeyOrWithTheOneItCommittedTo() {
        applied(recovery(2));
        refused(signing(new Veto("d-1", 2, Optional.empty())).by(fresh.sig()), Refusal.MISSING_SIGNATURE);
        refused(
                signing(new Veto("d-1", 2, Optional.of(fresh.kex().publicKey())))
                        .by(fresh.kex()),
                Refusal.NEXT_KEY);
        applied(signing(new Veto("d-1", 2, Optional.empty())).by(lost.sig()));
        refused(signing(new Veto("d-1", 3, Optional.empty())).by(lost.sig()), Refusal.RECOVERY);
        network.pass(RecoveryRules.OBJECTION_MILLIS);
        network.apply();
        assertThat(keys()).isEqualTo(lost);

        Identity again = Identity.generate(network.random);
        RecoverByOperators second = new RecoverByOperators("d-1", 3, again.keys(), Optional.empty());
        applied(signing(second).by(again.sig()).possessedBy(again.dtls()).by(network.operator));
        applied(signing(new Veto("d-1", 3, Optional.of(next.publicKey()))).by(next));
    }

    @Test
    void aSuspendedKeyMayNotObjectButTheCommittedOneMay() {
        applied(recovery(2));
        applied(signing(new Standing(Standing.Act.SUSPEND, "d-1", 2)).by(network.admin.sig()));

        refused(signing(new Veto("d-1", 3, Optional.empty())).by(lost.sig()), Refusal.NOT_ALLOWED);
        applied(signing(new Veto("d-1", 3, Optional.of(next.publicKey()))).by(next));
    }

    @Test
    void onlyOperatorsAskForItAndOnlyOneWaitsAtATime() {
        RecoverByOperators recover = new RecoverByOperators("d-1", 2, fresh.keys(), Optional.empty());
        refused(
                signing(recover).by(fresh.sig()).possessedBy(fresh.dtls()).by(network.admin.sig()),
                Refusal.MISSING_SIGNATURE);
        refused(signing(recover).by(network.operator), Refusal.MISSING_SIGNATURE);
        applied(recovery(2));
        Identity other = Identity.generate(network.random);
        RecoverByOperators second = new RecoverByOperators("d-1", 2, other.keys(), Optional.empty());
        refused(signing(second).by(other.sig()).possessedBy(other.dtls()).by(network.operator), Refusal.RECOVERY);
    }

    @Test
    void keysOfAVetoedRecoveryStayTaken() {
        applied(recovery(2));
        applied(signing(new Veto("d-1", 2, Optional.empty())).by(lost.sig()));
        RecoverByOperators again = new RecoverByOperators("d-1", 3, fresh.keys(), Optional.empty());

        refused(signing(again).by(fresh.sig()).possessedBy(fresh.dtls()).by(network.operator), Refusal.KEY_REUSED);
    }

    @Test
    void whoWasRevokedMeanwhileIsNotBroughtBack() {
        applied(recovery(2));
        applied(signing(new Standing(Standing.Act.REVOKE, "d-1", 2)).by(network.admin.sig()));
        network.pass(RecoveryRules.OBJECTION_MILLIS);
        network.apply();

        assertThat(record().state()).isInstanceOf(MemberState.Revoked.class);
        assertThat(keys()).isEqualTo(lost);
    }

    @Test
    void whoLeavesEndsARecoveryThatWaits() {
        applied(recovery(2));
        applied(signing(new Leave("d-1", 2)).by(lost.sig()));
        network.pass(RecoveryRules.OBJECTION_MILLIS);
        network.apply();

        assertThat(record().state()).isEqualTo(MemberState.LEFT);
        assertThat(keys()).isEqualTo(lost);
        assertThat(new Draft(network.state, TestNetwork.T0).pendingRecovery("d-1"))
                .isEmpty();
    }

    private TransactionSigning recovery(long sequence) {
        RecoverByOperators recover = new RecoverByOperators("d-1", sequence, fresh.keys(), Optional.empty());
        return signing(recover).by(fresh.sig()).possessedBy(fresh.dtls()).by(network.operator);
    }

    private java.time.Instant later() {
        return java.time.Instant.ofEpochMilli(TestNetwork.T0).plus(java.time.Duration.ofDays(30));
    }

    /** Whose keys the record holds: the lost ones, or the fresh ones. */
    private Identity keys() {
        return record().keys().equals(lost.keys()) ? lost : fresh;
    }

    private MemberRecord record() {
        return network.state.member("d-1").orElseThrow();
    }

    private TransactionSigning signing(Transaction transaction) {
        return TransactionSigning.of(transaction, network.chain);
    }

    private void applied(TransactionSigning signing) {
        Bytes transaction = signing.finish().encode();
        assertThat(Admission.check(network.state, transaction, TestNetwork.T0, TestNetwork.VERIFIER))
                .isInstanceOf(Outcome.Applied.class);
        assertThat(network.apply(transaction).outcomes().get(0)).isInstanceOf(Outcome.Applied.class);
    }

    private void refused(TransactionSigning signing, Refusal reason) {
        Bytes transaction = signing.finish().encode();
        assertThat(Admission.check(network.state, transaction, TestNetwork.T0, TestNetwork.VERIFIER))
                .isEqualTo(new Outcome.Refused(reason));
        assertThat(network.apply(transaction).outcomes()).containsExactly(new Outcome.Refused(reason));
    }
}
