package dev.latchkey.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a question for a path, {@code [bstr value / null, directory proof]}: what stands there, or that nothing
 * does. By itself it proves nothing: {@link #root} says under which root it would. Immutable.
 *
 * @param value what stands at the path, none if nothing does
 * @param proof what leads from the path to the root
 */
public record DirectoryAnswer(Optional<Bytes> value, DirectoryProof proof) {
    /** Longest answer in bytes: a member record and 256 siblings. */
    public static final int MAX_BYTES = 10 * 1024;

    /** What the directory answers for a path. */
    public static DirectoryAnswer of(Trie directory, Digest path) {
        return new DirectoryAnswer(directory.get(path), directory.prove(path));
    }

    /** The root of the directory in which the answer is true, if its two parts fit each other and the path. */
    public Optional<Digest> root(Digest path) {
        return value.isPresent() ? proof.rootIfPresent(path, Digest.sha256(value.get())) : proof.rootIfAbsent(path);
    }

    public Bytes encode() {
        return Cbor.encode(Cbor.array(value.map(Cbor::bytes).orElse(Cbor.NULL), proof.item()));
    }

    public static DirectoryAnswer decode(Bytes encoded) throws MalformedCborException {
        List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(2);
        Item value = parts.get(0);
        return new DirectoryAnswer(
                value.isNull() ? Optional.empty() : Optional.of(value.asBytes()),
                DirectoryProof.fromItem(parts.get(1)));
    }
}
