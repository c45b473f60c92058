package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.DirectoryProof;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a question for a key, {@code [bstr record, directory proof]}: the current record of a name under the
 * directory root of a checkpoint. Stateless.
 */
public final class KeyProof {
    /** Longest answer in bytes: a record and 256 siblings. */
    public static final int MAX_BYTES = 10 * 1024;

    private KeyProof() {}

    /** The answer for a name that has a record, from the state of the checkpoint's height. */
    public static Optional<Bytes> answer(ChainState state, String name) {
        Digest path = DirectoryPath.of(state.chainId().digest(), name);
        return state.directory()
                .get(path)
                .map(record -> Cbor.encode(Cbor.array(
                        Cbor.bytes(record), state.directory().prove(path).item())));
    }

    /** Checks that the answer holds the record of that name under the checkpoint. */
    public static VerifiedKey verify(VerifiedCheckpoint under, String name, Bytes answer) throws ProofException {
        try {
            List<Item> parts = Cbor.decode(answer, MAX_BYTES).asArray(2);
            Bytes encoded = parts.get(0).asBytes();
            DirectoryProof proof = DirectoryProof.fromItem(parts.get(1));
            Digest path = DirectoryPath.of(under.checkpoint().chain().digest(), name);
            Optional<Digest> root = proof.rootIfPresent(path, Digest.sha256(encoded));
            if (root.isEmpty() || !root.get().equals(under.checkpoint().directoryRoot())) {
                throw new ProofException(Reason.WRONG_ROOT);
            }
            MemberRecord record = MemberRecord.decode(encoded);
            if (!record.name().equals(name)) {
                throw new ProofException(Reason.WRONG_SUBJECT);
            }
            return new VerifiedKey(record, under);
        } catch (MalformedCborException | MalformedTransactionException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }
}
