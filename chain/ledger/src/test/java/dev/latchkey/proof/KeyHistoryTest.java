package dev.latchkey.proof;

import static dev.latchkey.proof.Proving.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.TransactionSigning;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyHistoryTest {
    private static final String NAME = "d-1";
    private final TestNetwork network = new TestNetwork();
    /** Newest first. */
    private final List<MemberRecord> records = new ArrayList<>();

    private VerifiedCheckpoint under;

    @BeforeEach
    void live() {
        network.joined(NAME);
        note();
        network.joined("d-2");
        turn(Standing.Act.SUSPEND);
        turn(Standing.Act.RESUME);
        network.joined("d-3");
        turn(Standing.Act.SUSPEND);
        under = Proving.checkpoint(network.state);
    }

    private void turn(Standing.Act act) {
        Standing standing = new Standing(act, NAME, records.size() + 1L);
        network.apply(TransactionSigning.of(standing, network.chain)
                .by(network.admin.sig())
                .finish()
                .encode());
        note();
    }

    private void note() {
        records.add(0, network.state.member(NAME).orElseThrow());
    }

    @Test
    void holdsWhichRecordWasValidWhen() throws Exception {
        VerifiedHistory history = KeyHistory.verify(under, NAME, answer(records));

        assertThat(history.records()).isEqualTo(records);
        assertThat(history.current().record()).isEqualTo(records.get(0));
        assertThat(history.before()).isEmpty();
        assertThat(history.at(0)).isEmpty();
        for (MemberRecord record : records) {
            assertThat(history.at(record.height())).contains(record);
            assertThat(history.at(record.height() - 1)).isNotEqualTo(Optional.of(record));
        }
        assertThat(history.at(under.checkpoint().height())).contains(records.get(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> history.at(under.checkpoint().height() + 1));
    }

    @Test
    void aHistoryWithoutItsBeginningSaysSo() throws Exception {
        VerifiedHistory history = KeyHistory.verify(under, NAME, answer(records.subList(0, 2)));

        assertThat(history.before()).contains(records.get(2).hash());
        assertThat(history.at(1)).isEmpty();
    }

    @Test
    void aRecordLeftOutSwappedForgedOrOfAnotherIsRefused() {
        List<MemberRecord> hole = new ArrayList<>(records);
        hole.remove(1);
        refused(Reason.BROKEN_HISTORY, () -> KeyHistory.verify(under, NAME, answer(hole)));
        List<MemberRecord> swapped = new ArrayList<>(records);
        Collections.swap(swapped, 1, 2);
        refused(Reason.BROKEN_HISTORY, () -> KeyHistory.verify(under, NAME, answer(swapped)));
        List<MemberRecord> twice = new ArrayList<>(records);
        twice.add(records.get(3));
        refused(Reason.BROKEN_HISTORY, () -> KeyHistory.verify(under, NAME, answer(twice)));
        List<MemberRecord> stranger = new ArrayList<>(records);
        stranger.set(3, network.state.member("d-2").orElseThrow());
        refused(Reason.BROKEN_HISTORY, () -> KeyHistory.verify(under, NAME, answer(stranger)));
        refused(Reason.WRONG_ROOT, () -> KeyHistory.verify(under, NAME, answer(records.subList(1, 4))));
        refused(Reason.WRONG_ROOT, () -> KeyHistory.verify(under, "d-2", answer(records)));
    }

    /** Whoever signs checkpoints may also have signed nonsense: the chain of hashes is not all that is checked. */
    @Test
    void recordsThatDoNotFollowAreRefusedEvenWhereTheHashesDo() throws Exception {
        MemberRecord first = records.get(3);
        assertRefusedBefore(copy(first, Bytes.wrap(new byte[16]), first.sequence(), first.height()));
        assertRefusedBefore(copy(first, first.id(), first.sequence() + 1, first.height()));
        assertRefusedBefore(copy(first, first.id(), first.sequence(), 1_000));
    }

    private void assertRefusedBefore(MemberRecord older) throws Exception {
        MemberRecord current = records.get(2);
        MemberRecord newer = new MemberRecord(
                NAME,
                current.id(),
                current.sequence(),
                current.state(),
                current.role(),
                current.keys(),
                current.height(),
                Optional.of(older.hash()),
                current.nextKey());
        Digest path = KeyProof.path(network.state, NAME);
        Digest root = network.state.directory().put(path, newer.encode()).root();
        VerifiedCheckpoint forged = Proving.verified(Proving.with(network.state.checkpoint(), root));
        assertThat(KeyHistory.verify(forged, NAME, answer(List.of(newer))).before())
                .isPresent();
        refused(Reason.BROKEN_HISTORY, () -> KeyHistory.verify(forged, NAME, answer(List.of(newer, older))));
    }

    private static MemberRecord copy(MemberRecord of, Bytes id, long sequence, long height) {
        return new MemberRecord(
                of.name(), id, sequence, of.state(), of.role(), of.keys(), height, of.previous(), of.nextKey());
    }

    @Test
    void everySpoiltAnswerIsRefused() {
        for (Bytes spoilt : Proving.spoilt(answer(records.subList(0, 2)))) {
            refused(() -> KeyHistory.verify(under, NAME, spoilt));
        }
        refused(Reason.MALFORMED, () -> KeyHistory.verify(under, NAME, answer(List.of())));
    }

    @Test
    void theAnswerIsMadeOfTheCurrentRecordAndAtMost255Older() throws Exception {
        List<Bytes> older =
                records.subList(1, 4).stream().map(MemberRecord::encode).toList();
        assertThat(KeyHistory.answer(network.state, NAME, older)).contains(answer(records));
        assertThat(KeyHistory.answer(network.state, "nobody", List.of())).isEmpty();
        Bytes many = KeyHistory.answer(network.state, NAME, Collections.nCopies(400, older.get(0)))
                .orElseThrow();
        assertThat(Cbor.decode(many, KeyHistory.MAX_BYTES).asArray(2).get(0).asArray())
                .hasSize(KeyHistory.MAX_RECORDS);
    }

    private Bytes answer(List<MemberRecord> shown) {
        Item proof = network.state
                .directory()
                .prove(KeyProof.path(network.state, NAME))
                .item();
        List<Item> items =
                shown.stream().map(record -> Cbor.bytes(record.encode())).toList();
        return Cbor.encode(Cbor.array(Cbor.array(items), proof));
    }
}
