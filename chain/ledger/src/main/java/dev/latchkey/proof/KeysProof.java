package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.Trie;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.ChainId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a question for several keys at once, {@code [[+ bstr record / null], shape, hashes]}: for each name, in
 * the order of the question, its record or none, and one proof in which every node of the directory stands once ({@link
 * SharedProof}). For one directory and question there is exactly one answer. Stateless.
 */
public final class KeysProof {
    /** Most names in one question. */
    public static final int MAX_NAMES = 16;

    /** Longest answer in bytes: 16 records, each 100 nodes below the root. */
    public static final int MAX_BYTES = 64 * 1024;

    private KeysProof() {}

    /** Whether this is a question: 1 to {@link #MAX_NAMES} names, none twice. */
    public static boolean isQuestion(List<String> names) {
        return !names.isEmpty() && names.size() <= MAX_NAMES && new HashSet<>(names).size() == names.size();
    }

    /**
     * The answer from the state of the checkpoint's height.
     *
     * @throws IllegalArgumentException if it is not a question
     */
    public static Bytes answer(ChainState state, List<String> names) {
        return answer(state.directory(), state.chainId(), names);
    }

    /** As {@link #answer(ChainState, List)}, from the directory of that state alone. */
    public static Bytes answer(Trie directory, ChainId chain, List<String> names) {
        requireQuestion(names);
        List<Item> values = new ArrayList<>();
        List<Digest> paths = new ArrayList<>();
        for (String name : names) {
            Digest path = DirectoryPath.of(chain.digest(), name);
            paths.add(path);
            values.add(directory.get(path).map(Cbor::bytes).orElse(Cbor.NULL));
        }
        SharedProof proof = SharedProof.of(directory, paths);
        return Cbor.encode(Cbor.array(Cbor.array(values), Cbor.bytes(proof.shape()), Cbor.bytes(proof.hashes())));
    }

    /**
     * What the answer proves about each of the names under the checkpoint, in the order of the question.
     *
     * @throws IllegalArgumentException if it is not a question
     */
    public static List<KeyFinding> verify(VerifiedCheckpoint under, List<String> names, Bytes answer)
            throws ProofException {
        requireQuestion(names);
        try {
            List<Item> parts = Cbor.decode(answer, MAX_BYTES).asArray(3);
            List<Optional<Bytes>> values = values(parts.get(0).asArray(names.size()));
            SharedProof proof =
                    new SharedProof(parts.get(1).asBytes(), parts.get(2).asBytes());
            Digest root = proof.root(claims(under.checkpoint().chain().digest(), names, values));
            if (!root.equals(under.checkpoint().directoryRoot())) {
                throw new ProofException(Reason.WRONG_ROOT);
            }
            List<KeyFinding> findings = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                findings.add(KeyProof.finding(under, names.get(i), values.get(i)));
            }
            return List.copyOf(findings);
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    private static List<Optional<Bytes>> values(List<Item> items) throws MalformedCborException {
        List<Optional<Bytes>> values = new ArrayList<>();
        for (Item item : items) {
            values.add(item.isNull() ? Optional.empty() : Optional.of(item.asBytes()));
        }
        return values;
    }

    private static List<SharedProof.Claim> claims(Digest chain, List<String> names, List<Optional<Bytes>> values) {
        List<SharedProof.Claim> claims = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            claims.add(new SharedProof.Claim(
                    DirectoryPath.of(chain, names.get(i)), values.get(i).map(Digest::sha256)));
        }
        return claims;
    }

    private static void requireQuestion(List<String> names) {
        if (!isQuestion(names)) {
            throw new IllegalArgumentException("1 to 16 different names make a question");
        }
    }
}
