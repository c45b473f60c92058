package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.ProofException.Reason;
import java.util.List;

/**
 * The answer to the question whether one checkpoint continues another, {@code [* digest]}: the consistency proof between
 * their history trees (RFC 9162, section 2.1.4). It is all that a sleeper needs to take up the chain where it left it.
 * Stateless.
 */
public final class ConsistencyProof {
    /** Longest answer in bytes: 64 hashes. */
    public static final int MAX_BYTES = 3 * 1024;

    private ConsistencyProof() {}

    /**
     * The answer.
     *
     * @param history the chain's history, at least up to the newer height
     * @param older a height from 0
     * @param newer a height from {@code older}
     * @throws IndexOutOfBoundsException if the history does not reach so far, or the heights are the wrong way round
     */
    public static Bytes answer(HistoryTree history, long older, long newer) {
        return Cbor.encode(Paths.item(history.consistency(older + 1, newer + 1)));
    }

    /**
     * Checks that the newer checkpoint continues the older one, and returns the newer.
     *
     * @throws ProofException {@link Reason#SHRUNK} if it is lower; {@link Reason#FORKED} if the two are of one height and
     *     differ, or policy number or time run backwards: then whoever signed both has lied. Only the former is evidence
     *     by itself ({@link dev.latchkey.checkpoint.Contradiction})
     */
    public static VerifiedCheckpoint verify(VerifiedCheckpoint older, VerifiedCheckpoint newer, Bytes answer)
            throws ProofException {
        return verify(older.checkpoint(), newer, answer);
    }

    /**
     * The same for an older checkpoint that is known to be the chain's without its signatures: the one after genesis, or
     * one that was verified and kept.
     */
    public static VerifiedCheckpoint verify(Checkpoint first, VerifiedCheckpoint newer, Bytes answer)
            throws ProofException {
        Checkpoint second = newer.checkpoint();
        if (!first.chain().equals(second.chain())) {
            throw new ProofException(Reason.OTHER_CHAIN);
        }
        if (second.height() < first.height()) {
            throw new ProofException(Reason.SHRUNK);
        }
        if (second.height() == first.height() && !second.equals(first)
                || second.policyNumber() < first.policyNumber()
                || second.timeMillis() < first.timeMillis()) {
            throw new ProofException(Reason.FORKED);
        }
        if (!Rfc9162.isConsistent(
                first.height() + 1, first.historyRoot(), second.height() + 1, second.historyRoot(), path(answer))) {
            throw new ProofException(Reason.WRONG_ROOT);
        }
        return newer;
    }

    private static List<Digest> path(Bytes answer) throws ProofException {
        try {
            return Paths.fromItem(Cbor.decode(answer, MAX_BYTES));
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }
}
