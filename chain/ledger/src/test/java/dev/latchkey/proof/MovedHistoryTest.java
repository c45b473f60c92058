package dev.latchkey.proof;

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

/** The history of a member that goes to another chain and comes home. */
class MovedHistoryTest {
    private final TestNetwork a = new TestNetwork("seattle");
    private final TestNetwork b = new TestNetwork("tacoma");
    private final Identity device = a.joined("d-1");

    @Test
    void endsWhereTheMemberCameFromAndGoesOnWhereItComesHome() throws Exception {
        a.befriend(b, true);
        b.befriend(a, true);
        MemberRecord first = record(a, "d-1");
        move(a, "d-1", b, "d-9", 2);
        MemberRecord left = record(a, "d-1");
        move(b, "d-9", a, "d-1", 4);

        MemberRecord away = record(b, "d-9");
        List<Bytes> none = List.of();
        Bytes answer = KeyHistory.answer(b.state, "d-9", none).orElseThrow();
        VerifiedHistory there = KeyHistory.verify(Proving.checkpoint(b.state), "d-9", answer);
        assertThat(there.records()).containsExactly(away);
        assertThat(there.before()).isPresent();

        List<Bytes> older = List.of(left.encode(), first.encode());
        VerifiedHistory home = KeyHistory.verify(
                Proving.checkpoint(a.state),
                "d-1",
                KeyHistory.answer(a.state, "d-1", older).orElseThrow());
        assertThat(home.records()).containsExactly(record(a, "d-1"), left, first);
        assertThat(home.current().record().sequence()).isEqualTo(5);
        assertThat(home.before()).isEmpty();
    }

    private void move(TestNetwork from, String name, TestNetwork to, String nameThere, long sequence) {
        long deadline = from.state.header().timeMillis() + 60_000;
        from.apply(TransactionSigning.of(new RelocateOut(name, sequence, to.chain, nameThere, deadline), from.chain)
                .by(device.sig())
                .finish()
                .encode());
        RelocateIn in = new RelocateIn(nameThere, sequence + 1, from.chain, from.carried(name));
        to.apply(TransactionSigning.of(in, to.chain)
                .by(device.sig())
                .possessedBy(device.dtls())
                .finish()
                .encode());
    }

    private static MemberRecord record(TestNetwork network, String name) {
        return network.state.member(name).orElseThrow();
    }
}
