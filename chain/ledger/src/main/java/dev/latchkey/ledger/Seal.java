package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.Transaction;
import java.util.List;

/**
 * Transaction 0 of every block: {@code [0, height, directory-root, history-root]}. It lies under the Merkle root, so the
 * paper's header stays as printed and still commits to everything.
 *
 * @param height the block's height
 * @param directoryRoot root of the directory after this block
 * @param historyRoot root of the history over headers 0 to height - 1
 */
public record Seal(long height, Digest directoryRoot, Digest historyRoot) {
    private static final int MAX_BYTES = 96;

    public Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(Transaction.SEAL),
                Cbor.uint(height),
                Cbor.bytes(directoryRoot.bytes()),
                Cbor.bytes(historyRoot.bytes())));
    }

    public static Seal decode(Bytes encoded) throws MalformedBlockException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(4);
            if (parts.get(0).asUint() != Transaction.SEAL) {
                throw new MalformedBlockException("a block begins with its seal");
            }
            return new Seal(
                    parts.get(1).asUint(),
                    Digest.of(parts.get(2).asBytes(Digest.SIZE)),
                    Digest.of(parts.get(3).asBytes(Digest.SIZE)));
        } catch (MalformedCborException e) {
            throw new MalformedBlockException("not a seal", e);
        }
    }
}
