package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.Trie;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moves at the edge: a sibling that lies about numbers and clocks, and an id that came back as a tombstone. */
class MoveEdgesTest {
    private static final long MINUTE = 60_000;

    private final TestNetwork a = new TestNetwork("seattle");
    private final TestNetwork b = new TestNetwork("tacoma");
    private final KeyPair stranger = KeyPair.generate(a.random);
    private final Identity device = a.joined("d-1");

    @BeforeEach
    void siblings() {
        a.befriend(b, true);
        b.befriend(a, true);
    }

    @Test
    void aSequenceThatLeavesNoRoomForTheNextOnesDoesNotArrive() {
        for (long sequence : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE / 2 + 1}) {
            refused(b, in(sequence == Long.MAX_VALUE ? 0 : sequence + 1, lie(sequence)), Refusal.BAD_SEQUENCE);
        }
        assertThat(b.admit(in(Long.MAX_VALUE / 2 + 1, lie(Long.MAX_VALUE / 2)))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aCheckpointFromTheFutureIsAsGoodAsAStaleOne() {
        out();
        refused(b, in(3, a.carried("d-1", 11 * 60)), Refusal.STALE_PROOF);
        refused(b, in(3, a.carried("d-1", Long.MAX_VALUE / 1_000_000)), Refusal.STALE_PROOF);
        assertThat(b.admit(in(3, a.carried("d-1", 9 * 60)))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void whoLeftAndWasRevokedElsewhereDoesNotJoinAgain() {
        out();
        applied(b, in(3, a.carried("d-1")));
        applied(b, signed(b, new Leave("d-9", 4), device));
        applied(
                a,
                TransactionSigning.of(new Standing(Standing.Act.REVOKE, "d-1", 3), a.chain)
                        .by(a.admin.sig())
                        .finish()
                        .encode());
        Identity again = Identity.generate(b.random);
        Join join = new Join("d-9", 5, Role.MEMBER, again.keys(), Optional.empty(), Optional.empty());
        Bytes rejoin = TransactionSigning.of(join, b.chain)
                .by(again.sig())
                .possessedBy(again.dtls())
                .by(device.sig())
                .by(b.admin.sig())
                .finish()
                .encode();
        assertThat(b.admit(rejoin)).isInstanceOf(Outcome.Applied.class);
        ForeignRevoke revoke = new ForeignRevoke("d-8", 1, a.chain, a.carried("d-1"), stranger.publicKey());
        applied(b, TransactionSigning.of(revoke, b.chain).by(stranger).finish().encode());
        refused(b, rejoin, Refusal.TOMBSTONE);
    }

    @Test
    void aRecoveryAtTheEndOfTimeIsAStepAndNoException() {
        Identity fresh = Identity.generate(a.random);
        RecoverByOperators recover = new RecoverByOperators("d-1", 2, fresh.keys(), Optional.empty());
        Bytes transaction = TransactionSigning.of(recover, a.chain)
                .by(fresh.sig())
                .possessedBy(fresh.dtls())
                .by(a.operator)
                .finish()
                .encode();
        Entry last = new Entry(a.chain, Long.MAX_VALUE, TestNetwork.NONCE, Optional.empty(), List.of(transaction));
        assertThat(a.apply(last).outcomes()).hasOnlyElementsOfType(Outcome.Applied.class);
        assertThat(a.apply(last).outcomes()).hasOnlyElementsOfType(Outcome.Repeated.class);
    }

    private void out() {
        long deadline = a.state.header().timeMillis() + 30 * MINUTE;
        applied(a, signed(a, new RelocateOut("d-1", 2, b.chain, "d-9", deadline), device));
    }

    private Bytes in(long sequence, Carried carried) {
        return TransactionSigning.of(new RelocateIn("d-9", sequence, a.chain, carried), b.chain)
                .by(device.sig())
                .possessedBy(device.dtls())
                .finish()
                .encode();
    }

    /** What a lying sibling says: the member is on its way, with a sequence of its choice. */
    private Carried lie(long sequence) {
        MemberRecord record = a.state.member("d-1").orElseThrow();
        long deadline = b.state.header().timeMillis() + 30 * MINUTE;
        MemberRecord moving = new MemberRecord(
                "d-1",
                record.id(),
                sequence,
                new MemberState.Moving(b.chain, "d-9", deadline),
                Role.MEMBER,
                record.keys(),
                1,
                Optional.empty(),
                Optional.empty());
        Trie directory = Trie.EMPTY.put(DirectoryPath.of(a.chain.digest(), "d-1"), moving.encode());
        Checkpoint now = a.state.checkpoint();
        Checkpoint lie = new Checkpoint(
                a.chain,
                now.height(),
                now.blockHash(),
                now.historyRoot(),
                directory.root(),
                now.policyNumber(),
                now.timeMillis());
        return new Carried(
                DirectoryAnswer.of(directory, DirectoryPath.of(a.chain.digest(), "d-1"))
                        .encode(),
                SignedCheckpoint.sign(
                                lie,
                                a.replica,
                                Instant.ofEpochMilli(b.state.header().timeMillis()))
                        .encode());
    }

    private static Bytes signed(TestNetwork network, Transaction transaction, Identity by) {
        return TransactionSigning.of(transaction, network.chain)
                .by(by.sig())
                .finish()
                .encode();
    }

    private static void applied(TestNetwork network, Bytes transaction) {
        assertThat(network.apply(transaction).outcomes()).hasOnlyElementsOfType(Outcome.Applied.class);
        network.replayed();
    }

    private static void refused(TestNetwork network, Bytes transaction, Refusal reason) {
        assertThat(network.admit(transaction)).isEqualTo(new Outcome.Refused(reason));
    }
}
