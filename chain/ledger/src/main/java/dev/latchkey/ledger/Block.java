package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.ledger.BlockFaultException.Fault;
import dev.latchkey.merkle.Rfc9162;
import java.util.ArrayList;
import java.util.List;

/**
 * A block as decoded: {@code [bstr header, [+ bstr transaction]]}, the seal first. Leaves and hashes are over the bytes
 * inside. Nothing is verified yet.
 *
 * @param header the header's bytes
 * @param transactions the bytes of the seal and of the transactions
 */
public record Block(Bytes header, List<Bytes> transactions) {
    /** Most transactions of a block beside the seal. */
    public static final int MAX_TRANSACTIONS = 1_024;

    /** Most bytes of a block's transactions together. */
    public static final int MAX_TRANSACTION_BYTES = 512 * 1024;

    /** Longest encoded block in bytes, with the heads of at most 1,025 byte strings. */
    public static final int MAX_BYTES = MAX_TRANSACTION_BYTES + 8 * 1024;

    public Block {
        transactions = List.copyOf(transactions);
    }

    public Bytes encode() {
        List<Item> items = new ArrayList<>();
        for (Bytes transaction : transactions) {
            items.add(Cbor.bytes(transaction));
        }
        return Cbor.encode(Cbor.array(Cbor.bytes(header), Cbor.array(items)));
    }

    public static Block decode(Bytes encoded) throws MalformedBlockException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(2);
            List<Bytes> transactions = new ArrayList<>();
            long size = 0;
            List<Item> items = parts.get(1).asArray();
            if (items.isEmpty() || items.size() > MAX_TRANSACTIONS + 1) {
                throw new MalformedBlockException(Fault.COUNT, "a block of no or of too many transactions");
            }
            for (Item item : items) {
                Bytes transaction = item.asBytes();
                size += transaction.size();
                transactions.add(transaction);
            }
            if (size > MAX_TRANSACTION_BYTES) {
                throw new MalformedBlockException(Fault.SIZE, "a block's transactions are too long");
            }
            return new Block(parts.get(0).asBytes(), transactions);
        } catch (MalformedCborException e) {
            throw new MalformedBlockException("not a block", e);
        }
    }

    /** SHA-256 of the header. */
    public Digest hash() {
        return Digest.sha256(header);
    }

    /** RFC 9162 leaf hashes of the seal and the transactions. */
    public List<Digest> leaves() {
        List<Digest> leaves = new ArrayList<>();
        for (Bytes transaction : transactions) {
            leaves.add(Rfc9162.leafHash(transaction));
        }
        return leaves;
    }

    /** RFC 9162 root over the seal and the transactions. */
    public Digest merkleRoot() {
        return Rfc9162.root(leaves());
    }
}
