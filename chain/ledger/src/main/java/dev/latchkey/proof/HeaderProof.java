package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.Evidence;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a question for a header, {@code [bstr header, [* path]]}: the header of a height under the history root of
 * a checkpoint. Stateless.
 */
public final class HeaderProof {
    /** Longest answer in bytes: a header and 64 hashes. */
    public static final int MAX_BYTES = 3 * 1024;

    private HeaderProof() {}

    /**
     * The answer.
     *
     * @param history the chain's history, at least up to the checkpoint
     * @param height the header's height, at most the checkpoint's
     */
    public static Bytes answer(HistoryTree history, long height, Bytes header, long checkpointHeight) {
        List<Digest> path = history.inclusion(height, checkpointHeight + 1);
        return Cbor.encode(Cbor.array(Cbor.bytes(header), Paths.item(path)));
    }

    /** Checks that the answer holds the header of that height under the checkpoint. */
    public static VerifiedHeader verify(VerifiedCheckpoint under, long height, Bytes answer) throws ProofException {
        try {
            List<Item> parts = Cbor.decode(answer, MAX_BYTES).asArray(2);
            return check(under, height, parts.get(0).asBytes(), Paths.fromItem(parts.get(1)));
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    /**
     * What shows that two histories differ at a height: the answers that each of them gives for it.
     *
     * @param first the answer under the first checkpoint
     * @param second the answer under the second checkpoint
     */
    public static Evidence.Fork fork(long height, Bytes first, Bytes second) throws ProofException {
        try {
            List<Item> one = Cbor.decode(first, MAX_BYTES).asArray(2);
            List<Item> other = Cbor.decode(second, MAX_BYTES).asArray(2);
            return new Evidence.Fork(
                    height,
                    Optional.of(one.get(0).asBytes()),
                    Paths.fromItem(one.get(1)),
                    other.get(0).asBytes(),
                    Paths.fromItem(other.get(1)));
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    /**
     * What shows that a checkpoint is not of the history of a later one: the answer that the later one gives for its
     * height.
     *
     * @param height of the earlier checkpoint, whose block hash tells the header there
     * @param second the answer under the later checkpoint
     */
    public static Evidence.Fork forkAt(long height, Bytes second) throws ProofException {
        try {
            List<Item> other = Cbor.decode(second, MAX_BYTES).asArray(2);
            return new Evidence.Fork(
                    height, Optional.empty(), List.of(), other.get(0).asBytes(), Paths.fromItem(other.get(1)));
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    static VerifiedHeader check(VerifiedCheckpoint under, long height, Bytes header, List<Digest> path)
            throws ProofException {
        Checkpoint checkpoint = under.checkpoint();
        Digest leaf = Rfc9162.leafHash(header);
        if (!Rfc9162.includes(checkpoint.historyRoot(), height, checkpoint.height() + 1, leaf, path)) {
            throw new ProofException(Reason.WRONG_ROOT);
        }
        try {
            return new VerifiedHeader(height, Digest.sha256(header), Header.decode(header));
        } catch (MalformedBlockException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }
}
