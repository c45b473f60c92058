package dev.latchkey.proof;

import static dev.latchkey.proof.Proving.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.ChainId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsistencyProofTest {
    private static final HistoryTree HISTORY = history(70, "honest");

    @Test
    void aLaterCheckpointContinuesAnEarlierOne() throws Exception {
        for (int older = 0; older < 40; older++) {
            for (int newer = older; newer < 40; newer += 3) {
                VerifiedCheckpoint second = at(newer);
                assertThat(ConsistencyProof.verify(at(older), second, ConsistencyProof.answer(HISTORY, older, newer)))
                        .isSameAs(second);
            }
        }
    }

    @Test
    void aSleeperOfAHundredThousandBlocksNeedsSevenHundredBytes() throws Exception {
        HistoryTree million = new HistoryTree();
        for (int i = 0; i <= 1_048_576; i++) {
            million.append(Digest.ZERO);
        }
        for (long slept : new long[] {1, 99_999, 100_000, 777_777}) {
            long older = 1_048_576 - slept;
            Bytes answer = ConsistencyProof.answer(million, older, 1_048_576);
            assertThat(answer.size()).isLessThanOrEqualTo(750);
            ConsistencyProof.verify(
                    Proving.checkpoint(older, million.root(older + 1)),
                    Proving.checkpoint(1_048_576, million.root(1_048_577)),
                    answer);
        }
    }

    @Test
    void aHistoryThatShrankOrForkedIsRefused() {
        Bytes empty = Cbor.encode(Cbor.array());
        refused(Reason.SHRUNK, () -> ConsistencyProof.verify(at(9), at(8), ConsistencyProof.answer(HISTORY, 8, 9)));
        refused(Reason.SHRUNK, () -> ConsistencyProof.verify(at(9), at(8), empty));
        HistoryTree other = history(70, "other");
        refused(Reason.FORKED, () -> ConsistencyProof.verify(at(9), Proving.checkpoint(9, other.root(10)), empty));
        refused(
                Reason.WRONG_ROOT,
                () -> ConsistencyProof.verify(
                        at(9), Proving.checkpoint(20, other.root(21)), ConsistencyProof.answer(other, 9, 20)));
        refused(
                Reason.WRONG_ROOT,
                () -> ConsistencyProof.verify(
                        at(9), Proving.checkpoint(20, other.root(21)), ConsistencyProof.answer(HISTORY, 9, 20)));
    }

    @Test
    void whatElseTheBodiesSayMayNotRunBackwards() {
        Checkpoint older = at(9).checkpoint();
        Checkpoint newer = at(20).checkpoint();
        Bytes answer = ConsistencyProof.answer(HISTORY, 9, 20);
        VerifiedCheckpoint advanced = Proving.verified(copy(older, older.chain().digest(), 1, older.timeMillis()));
        refused(Reason.FORKED, () -> ConsistencyProof.verify(advanced, at(20), answer));
        VerifiedCheckpoint before = Proving.verified(copy(newer, newer.chain().digest(), 0, newer.timeMillis() - 1));
        refused(Reason.FORKED, () -> ConsistencyProof.verify(at(9), before, answer));
        VerifiedCheckpoint elsewhere = Proving.verified(copy(newer, Digest.ZERO, 0, newer.timeMillis()));
        refused(Reason.OTHER_CHAIN, () -> ConsistencyProof.verify(at(9), elsewhere, answer));
    }

    @Test
    void aPathOfAnotherLengthOrOrderIsRefused() throws Exception {
        for (int newer : new int[] {5, 7, 8, 20, 33}) {
            for (int older = 0; older <= newer; older++) {
                VerifiedCheckpoint first = at(older);
                VerifiedCheckpoint second = at(newer);
                List<Digest> path = HISTORY.consistency(older + 1, newer + 1);
                List<Digest> longer = new ArrayList<>(path);
                longer.add(Digest.ZERO);
                refused(Reason.WRONG_ROOT, () -> ConsistencyProof.verify(first, second, encode(longer)));
                for (int left = 0; left < path.size(); left++) {
                    List<Digest> shorter = new ArrayList<>(path);
                    shorter.remove(left);
                    refused(Reason.WRONG_ROOT, () -> ConsistencyProof.verify(first, second, encode(shorter)));
                }
            }
        }
    }

    @Test
    void everySpoiltAnswerIsRefused() {
        for (Bytes spoilt : Proving.spoilt(ConsistencyProof.answer(HISTORY, 5, 20))) {
            refused(() -> ConsistencyProof.verify(at(5), at(20), spoilt));
        }
    }

    /** Height 2^63 - 1 has a tree size that no signed number holds. */
    @Test
    void theGreatestHeightsAreRefusedAndNotWrappedAround() {
        VerifiedCheckpoint end = Proving.checkpoint(Long.MAX_VALUE, HISTORY.root(1));
        Bytes path = ConsistencyProof.answer(HISTORY, 0, 1);
        refused(Reason.WRONG_ROOT, () -> ConsistencyProof.verify(at(0), end, path));
        refused(Reason.WRONG_ROOT, () -> ConsistencyProof.verify(end, end, Cbor.encode(Cbor.array())));
        Bytes header = HeaderProof.answer(HISTORY, 0, Bytes.EMPTY, 1);
        refused(Reason.WRONG_ROOT, () -> HeaderProof.verify(end, 0, header));
        refused(Reason.WRONG_ROOT, () -> HeaderProof.verify(at(1), 2, header));
    }

    private static Bytes encode(List<Digest> path) {
        return Cbor.encode(Paths.item(path));
    }

    private static VerifiedCheckpoint at(long height) {
        return Proving.checkpoint(height, HISTORY.root(height + 1));
    }

    private static Checkpoint copy(Checkpoint of, Digest chain, long policyNumber, long timeMillis) {
        return new Checkpoint(
                new ChainId(chain),
                of.height(),
                of.blockHash(),
                of.historyRoot(),
                of.directoryRoot(),
                policyNumber,
                timeMillis);
    }

    private static HistoryTree history(int size, String kind) {
        HistoryTree history = new HistoryTree();
        for (int i = 0; i < size; i++) {
            history.append(Rfc9162.leafHash(Bytes.utf8(kind + i)));
        }
        return history;
    }
}
