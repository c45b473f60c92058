package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinRuleTest {
    private final TestNetwork network = new TestNetwork();
    private final Identity device = Identity.generate(network.random);

    @Test
    void aVoucherAndItsKeyAdmitAMember() {
        Voucher voucher = network.voucher("d-*", 2);

        assertThat(outcome(network.join("d-1", device, voucher))).isInstanceOf(Outcome.Applied.class);

        MemberRecord record = network.state.member("d-1").orElseThrow();
        assertThat(record.keys()).isEqualTo(device.keys());
        assertThat(record.sequence()).isEqualTo(1);
        assertThat(record.height()).isEqualTo(1);
        assertThat(record.id().size()).isEqualTo(MemberRecord.ID_BYTES);
    }

    @Test
    void theSameBodyAgainIsToldWhereItStands() {
        SignedTransaction join = network.join("d-1", device, network.voucher("d-*", 2));
        outcome(join);
        long height = network.state.height();

        assertThat(outcome(join)).isEqualTo(new Outcome.Repeated(network.id(join), new TransactionLocation(1, 1)));
        assertThat(network.state.height()).isEqualTo(height);
    }

    @Test
    void aNameIsNeverGivenToAnother() {
        network.joined("d-1");

        refused(network.join("d-1", device, network.voucher("d-*", 2)), Refusal.NAME_TAKEN);
        refused(network.join("gateway-1", device, network.voucher("*", 2)), Refusal.NAME_TAKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "D-1", "-d", "!policy", "d 1", "d-1\n", "ü", "abcdefghijklmnopqrstuvwxyz0123456"})
    void aBadNameIsRefused(String name) {
        refused(network.join(name, device, network.voucher("*", 2)), Refusal.BAD_NAME);
    }

    @Test
    void anExpiredVoucherIsRefused() {
        Voucher voucher = network.voucher("*", 1, Instant.ofEpochMilli(TestNetwork.T0 - 1));

        refused(network.join("d-1", device, voucher), Refusal.VOUCHER_EXPIRED);
    }

    @Test
    void aVoucherIsGoodForItsUsesAndNoMore() {
        Voucher voucher = network.voucher("*", 1);
        outcome(network.join("d-1", device, voucher));

        refused(network.join("d-2", Identity.generate(network.random), voucher), Refusal.VOUCHER_USED_UP);
    }

    @Test
    void twoJoinsInOneBlockCannotShareTheLastUse() {
        Voucher voucher = network.voucher("*", 1);
        Bytes one = network.join("d-1", device, voucher).encode();
        Bytes two =
                network.join("d-2", Identity.generate(network.random), voucher).encode();

        Step step = network.apply(one, two);

        assertThat(step.outcomes().get(0)).isInstanceOf(Outcome.Applied.class);
        assertThat(step.outcomes().get(1)).isEqualTo(new Outcome.Refused(Refusal.VOUCHER_USED_UP));
    }

    @Test
    void aVoucherSeenOnTheWayIsWorthNothingWithoutItsKey() {
        Voucher voucher = network.voucher("*", 5);
        Join join = TestNetwork.joinBody("d-1", device, voucher);
        KeyPair stranger = KeyPair.generate(network.random);

        refused(TransactionSigning.joinByVoucher(join, network.chain, device, stranger), Refusal.VOUCHER_KEY);
        refused(
                TransactionSigning.of(join, network.chain)
                        .by(device.sig())
                        .possessedBy(device.dtls())
                        .finish(),
                Refusal.VOUCHER_KEY);
    }

    @Test
    void aVoucherOfAStrangerIsRefused() {
        Voucher voucher = Voucher.issue(
                network.chain,
                Bytes.fromHex("0011223344556677"),
                "*",
                5,
                Instant.ofEpochMilli(TestNetwork.T0).plusSeconds(60),
                network.voucherKey.publicKey(),
                KeyPair.generate(network.random));

        refused(network.join("d-1", device, voucher), Refusal.VOUCHER_SIGNATURE);
    }

    @Test
    void aMembersVoucherIsRefusedBecauseItIsNoAdmin() {
        Identity member = network.joined("d-9");
        Voucher voucher = Voucher.issue(
                network.chain,
                Bytes.fromHex("0011223344556677"),
                "*",
                5,
                Instant.ofEpochMilli(TestNetwork.T0).plusSeconds(60),
                network.voucherKey.publicKey(),
                member.sig());

        refused(network.join("d-1", device, voucher), Refusal.VOUCHER_SIGNATURE);
    }

    @Test
    void aVoucherForOtherNamesOrAnotherRoleIsRefused() {
        refused(network.join("x-1", device, network.voucher("d-*", 2)), Refusal.VOUCHER_SCOPE);
        Join asGateway =
                new Join("d-1", 1, Role.GATEWAY, device.keys(), Optional.empty(), Optional.of(network.voucher("*", 2)));
        refused(
                TransactionSigning.joinByVoucher(asGateway, network.chain, device, network.voucherKey),
                Refusal.VOUCHER_SCOPE);
    }

    @Test
    void aVoucherForAnotherChainIsRefused() {
        TestNetwork other = new TestNetwork("tacoma");

        refused(network.join("d-1", device, other.voucher("*", 2)), Refusal.VOUCHER_CHAIN);
    }

    @Test
    void noKeyIsEverRegisteredTwice() {
        network.apply(network.join("d-1", device, network.voucher("*", 1)).encode());
        Identity thief = new Identity(KeyPair.generate(network.random), device.kex(), KeyPair.generate(network.random));

        refused(network.join("d-2", thief, network.voucher("*", 1)), Refusal.KEY_REUSED);
        Identity replica =
                new Identity(network.replica, KeyPair.generate(network.random), KeyPair.generate(network.random));
        refused(network.join("d-3", replica, network.voucher("*", 1)), Refusal.KEY_REUSED);
    }

    @Test
    void anAdminEndorsesAMemberDirectly() {
        Join join = new Join("d-1", 1, Role.MEMBER, device.keys(), Optional.empty(), Optional.empty());

        assertThat(outcome(TransactionSigning.joinEndorsed(join, network.chain, device, List.of(network.admin.sig()))))
                .isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void onlyOperatorsMakeGatewaysAndAdmins() {
        for (Role role : List.of(Role.GATEWAY, Role.ADMIN, Role.AUDITOR)) {
            Identity identity = Identity.generate(network.random);
            String name = "r-" + role.number();
            Join join = new Join(name, 1, role, identity.keys(), Optional.empty(), Optional.empty());
            refused(
                    TransactionSigning.joinEndorsed(join, network.chain, identity, List.of(network.admin.sig())),
                    Refusal.MISSING_SIGNATURE);
            assertThat(outcome(
                            TransactionSigning.joinEndorsed(join, network.chain, identity, List.of(network.operator))))
                    .isInstanceOf(Outcome.Applied.class);
        }
    }

    @Test
    void aJoinWithoutAnyEndorsementIsRefused() {
        Join join = new Join("d-1", 1, Role.MEMBER, device.keys(), Optional.empty(), Optional.empty());

        refused(TransactionSigning.joinEndorsed(join, network.chain, device, List.of()), Refusal.MISSING_SIGNATURE);
    }

    @Test
    void aSignatureNobodyAskedForIsRefused() {
        Join join = TestNetwork.joinBody("d-1", device, network.voucher("*", 1));
        SignedTransaction signed = TransactionSigning.of(join, network.chain)
                .by(device.sig())
                .possessedBy(device.dtls())
                .by(network.voucherKey)
                .by(network.gateway.sig())
                .finish();

        refused(signed, Refusal.UNWANTED_SIGNATURE);
    }

    @Test
    void aDtlsKeyNobodyHoldsIsRefused() {
        Join join = TestNetwork.joinBody("d-1", device, network.voucher("*", 1));
        SignedTransaction signed = TransactionSigning.of(join, network.chain)
                .by(device.sig())
                .by(device.dtls())
                .by(network.voucherKey)
                .finish();

        assertThat(Admission.check(network.state, signed.encode(), TestNetwork.T0, TestNetwork.VERIFIER))
                .as("a signature with the text of a transaction is no proof of possession")
                .isEqualTo(new Outcome.Refused(Refusal.BAD_SIGNATURE));
    }

    @Test
    void aTransactionForAnotherChainIsRefusedHere() {
        TestNetwork other = new TestNetwork("tacoma");
        Join join = new Join("d-1", 1, Role.MEMBER, device.keys(), Optional.empty(), Optional.empty());
        SignedTransaction signed = TransactionSigning.joinEndorsed(
                join, new ChainId(other.chain.digest()), device, List.of(network.admin.sig()));

        assertThat(Admission.check(network.state, signed.encode(), TestNetwork.T0, TestNetwork.VERIFIER))
                .isEqualTo(new Outcome.Refused(Refusal.BAD_SIGNATURE));
    }

    @Test
    void aBodySentFirstWithABrokenSignatureDoesNotBlockTheRealOne() {
        SignedTransaction good = network.join("d-1", device, network.voucher("*", 1));
        byte[] bytes = good.encode().toArray();
        bytes[bytes.length - 1] ^= 1;
        Bytes broken = Bytes.wrap(bytes);

        assertThat(Admission.check(network.state, broken, TestNetwork.T0, TestNetwork.VERIFIER))
                .isEqualTo(new Outcome.Refused(Refusal.BAD_SIGNATURE));
        assertThat(Admission.check(network.state, good.encode(), TestNetwork.T0, TestNetwork.VERIFIER))
                .isInstanceOf(Outcome.Applied.class);
        assertThat(outcome(good)).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aMemberLeavesByItsOwnWordAndOnlyIt() {
        network.apply(network.join("d-1", device, network.voucher("*", 1)).encode());
        Leave leave = new Leave("d-1", 2);

        refused(TransactionSigning.leave(leave, network.chain, network.admin.sig()), Refusal.MISSING_SIGNATURE);
        refused(TransactionSigning.leave(new Leave("d-1", 3), network.chain, device.sig()), Refusal.BAD_SEQUENCE);
        refused(TransactionSigning.leave(new Leave("d-0", 1), network.chain, device.sig()), Refusal.UNKNOWN_MEMBER);
        MemberRecord before = network.state.member("d-1").orElseThrow();
        assertThat(outcome(TransactionSigning.leave(leave, network.chain, device.sig())))
                .isInstanceOf(Outcome.Applied.class);

        MemberRecord after = network.state.member("d-1").orElseThrow();
        assertThat(after.state()).isEqualTo(MemberState.LEFT);
        assertThat(after.previous()).contains(before.hash());
        refused(TransactionSigning.leave(new Leave("d-1", 3), network.chain, device.sig()), Refusal.UNKNOWN_MEMBER);
    }

    @Test
    void aNameThatWasLeftIsTakenAgainOnlyByItsHolder() {
        network.apply(network.join("d-1", device, network.voucher("*", 1)).encode());
        network.apply(TransactionSigning.leave(new Leave("d-1", 2), network.chain, device.sig())
                .encode());
        Bytes id = network.state.member("d-1").orElseThrow().id();
        Identity fresh = Identity.generate(network.random);
        Join join =
                new Join("d-1", 3, Role.MEMBER, fresh.keys(), Optional.empty(), Optional.of(network.voucher("d-1", 1)));

        refused(
                TransactionSigning.joinByVoucher(join, network.chain, fresh, network.voucherKey),
                Refusal.MISSING_SIGNATURE);
        SignedTransaction byHolder = TransactionSigning.of(join, network.chain)
                .by(fresh.sig())
                .possessedBy(fresh.dtls())
                .by(network.voucherKey)
                .by(device.sig())
                .finish();
        assertThat(outcome(byHolder)).isInstanceOf(Outcome.Applied.class);
        MemberRecord record = network.state.member("d-1").orElseThrow();
        assertThat(record.id()).isEqualTo(id);
        assertThat(record.sequence()).isEqualTo(3);
    }

    @Test
    void genesisAndSealAreNeverSubmitted() {
        refused(new TestNetwork("tacoma").genesisTransaction, Refusal.NOT_ALLOWED);
        Seal seal = new Seal(1, network.state.directoryRoot(), network.state.historyRoot());
        refused(seal.encode(), Refusal.MALFORMED);
    }

    private Outcome outcome(SignedTransaction transaction) {
        return network.apply(transaction.encode()).outcomes().get(0);
    }

    private void refused(SignedTransaction transaction, Refusal reason) {
        refused(transaction.encode(), reason);
    }

    private void refused(Bytes transaction, Refusal reason) {
        ChainState before = network.state;
        assertThat(Admission.check(before, transaction, TestNetwork.T0, TestNetwork.VERIFIER))
                .isEqualTo(new Outcome.Refused(reason));
        Step step = network.apply(transaction);
        assertThat(step.outcomes()).containsExactly(new Outcome.Refused(reason));
        assertThat(step.block()).isEmpty();
        assertThat(step.state()).isSameAs(before);
    }
}
