package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the replicas agree on before there is a block: {@code [chain id, clock, nonce, expected parent / null, [*
 * transaction]]}. Time and randomness come from here, so that apply needs none of its own.
 *
 * @param chain the chain that the transactions are for
 * @param clockMillis the leader's clock
 * @param nonce 8 bytes: random at difficulty 0, else found by work
 * @param expectedParent the parent that the work was done for
 * @param transactions encoded, in order; none makes a block with only the seal
 */
public record Entry(
        ChainId chain, long clockMillis, Bytes nonce, Optional<Digest> expectedParent, List<Bytes> transactions) {
    /** Longest encoded entry in bytes. */
    public static final int MAX_BYTES = Block.MAX_BYTES;

    public Entry {
        transactions = List.copyOf(transactions);
        if (nonce.size() != Header.NONCE_BYTES || clockMillis < 0) {
            throw new IllegalArgumentException("an entry field is out of range");
        }
    }

    public Bytes encode() {
        List<Item> items = new ArrayList<>();
        for (Bytes transaction : transactions) {
            items.add(Cbor.bytes(transaction));
        }
        return Cbor.encode(Cbor.array(
                Cbor.bytes(chain.bytes()),
                Cbor.uint(clockMillis),
                Cbor.bytes(nonce),
                expectedParent.map(parent -> Cbor.bytes(parent.bytes())).orElse(Cbor.NULL),
                Cbor.array(items)));
    }

    public static Entry decode(Bytes encoded) throws MalformedBlockException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(5);
            List<Bytes> transactions = new ArrayList<>();
            for (Item item : parts.get(4).asArray(0, Block.MAX_TRANSACTIONS)) {
                transactions.add(item.asBytes());
            }
            Item parent = parts.get(3);
            return new Entry(
                    new ChainId(Digest.of(parts.get(0).asBytes(Digest.SIZE))),
                    parts.get(1).asUint(),
                    parts.get(2).asBytes(Header.NONCE_BYTES),
                    parent.isNull() ? Optional.empty() : Optional.of(Digest.of(parent.asBytes(Digest.SIZE))),
                    transactions);
        } catch (MalformedCborException e) {
            throw new MalformedBlockException("not an entry", e);
        }
    }
}
