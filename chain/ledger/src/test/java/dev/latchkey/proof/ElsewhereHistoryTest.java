package dev.latchkey.proof;

import static dev.latchkey.proof.Proving.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.TransactionSigning;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member's first record in a chain points to one in another chain, whose heights say nothing here. */
class ElsewhereHistoryTest {
    private final TestNetwork a = new TestNetwork("seattle");
    private final TestNetwork b = new TestNetwork("tacoma");

    @Test
    void recordsOfAnotherChainArePartOfNoHistory() throws Exception {
        Identity device = a.joined("d-1");
        MemberRecord joined = a.state.member("d-1").orElseThrow();
        a.befriend(b, true);
        b.befriend(a, true);
        long deadline = a.state.header().timeMillis() + 60_000;
        a.apply(TransactionSigning.of(new RelocateOut("d-1", 2, b.chain, "d-1", deadline), a.chain)
                .by(device.sig())
                .finish()
                .encode());
        MemberRecord moving = a.state.member("d-1").orElseThrow();
        for (String other : List.of("d-2", "d-3", "d-4")) {
            b.joined(other);
        }
        b.apply(TransactionSigning.of(new RelocateIn("d-1", 3, a.chain, a.carried("d-1")), b.chain)
                .by(device.sig())
                .possessedBy(device.dtls())
                .finish()
                .encode());
        MemberRecord arrived = b.state.member("d-1").orElseThrow();
        assertThat(arrived.previous()).contains(moving.hash());
        assertThat(moving.height()).isLessThan(arrived.height());

        VerifiedCheckpoint under = Proving.checkpoint(b.state);
        Bytes own = KeyHistory.answer(b.state, "d-1", List.of()).orElseThrow();
        assertThat(KeyHistory.verify(under, "d-1", own).at(arrived.height() - 1))
                .isEmpty();
        List<Bytes> foreign = List.of(moving.encode(), joined.encode());
        Bytes longer = KeyHistory.answer(b.state, "d-1", foreign).orElseThrow();
        refused(ProofException.Reason.BROKEN_HISTORY, () -> KeyHistory.verify(under, "d-1", longer));
    }
}
