package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import java.util.Optional;

/**
 * The answer to a question for a key, {@code [bstr record / null, directory proof]}: the current record of a name under
 * the directory root of a checkpoint, or that the name has none. Stateless.
 */
public final class KeyProof {
    /** Longest answer in bytes: a record and 256 siblings. */
    public static final int MAX_BYTES = DirectoryAnswer.MAX_BYTES;

    private KeyProof() {}

    /** The answer for a name, whether or not it has a record, from the state of the checkpoint's height. */
    public static Bytes answer(ChainState state, String name) {
        return DirectoryAnswer.of(state.directory(), path(state, name)).encode();
    }

    /**
     * Checks that the answer holds the record of that name under the checkpoint.
     *
     * @throws ProofException with {@link Reason#ABSENT} if it proves that there is none, else with what is wrong
     */
    public static VerifiedKey verify(VerifiedCheckpoint under, String name, Bytes answer) throws ProofException {
        if (find(under, name, answer) instanceof VerifiedKey key) {
            return key;
        }
        throw new ProofException(Reason.ABSENT);
    }

    /** What the answer proves about that name under the checkpoint: its record, or that it has none. */
    public static KeyFinding find(VerifiedCheckpoint under, String name, Bytes answer) throws ProofException {
        try {
            DirectoryAnswer decoded = DirectoryAnswer.decode(answer);
            Optional<Digest> root = decoded.root(path(under, name));
            if (root.isEmpty() || !root.get().equals(under.checkpoint().directoryRoot())) {
                throw new ProofException(Reason.WRONG_ROOT);
            }
            return finding(under, name, decoded.value());
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    static Digest path(ChainState state, String name) {
        return DirectoryPath.of(state.chainId().digest(), name);
    }

    static Digest path(VerifiedCheckpoint under, String name) {
        return DirectoryPath.of(under.checkpoint().chain().digest(), name);
    }

    /** The finding, once it is proved that this stands at the name's path. */
    static KeyFinding finding(VerifiedCheckpoint under, String name, Optional<Bytes> value) throws ProofException {
        return value.isPresent() ? new VerifiedKey(record(name, value.get()), under) : new VerifiedAbsence(name, under);
    }

    static MemberRecord record(String name, Bytes encoded) throws ProofException {
        try {
            MemberRecord record = MemberRecord.decode(encoded);
            if (!record.name().equals(name)) {
                throw new ProofException(Reason.WRONG_SUBJECT);
            }
            return record;
        } catch (MalformedTransactionException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }
}
