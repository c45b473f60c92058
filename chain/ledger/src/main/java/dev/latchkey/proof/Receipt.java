package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.TransactionLocation;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.ProofException.Reason;
import java.util.List;

/**
 * The receipt of a transaction: {@code [index, number of transactions, path in the block tree, height, bstr header, path
 * in the history tree, bstr checkpoint]}. Numbers count the seal. Stateless.
 */
public final class Receipt {
    /** Longest receipt in bytes. */
    public static final int MAX_BYTES = 12 * 1024;

    private Receipt() {}

    /**
     * Makes a receipt for one transaction of a block. For many of one block, {@link BlockReceipts} hashes it only once.
     *
     * @param block the transaction's block
     * @param location where the transaction stands
     * @param history the chain's history, at least up to the checkpoint
     * @param checkpoint a checkpoint of the block's height or later
     */
    public static Bytes make(
            Block block, TransactionLocation location, HistoryTree history, SignedCheckpoint checkpoint) {
        return new BlockReceipts(block, location.height(), history, checkpoint).receipt(location.index());
    }

    /** Checks that the receipt is for that transaction. */
    public static VerifiedReceipt verify(Bytes receipt, Bytes transaction, VerifiedPolicy policy, EcVerifier verifier)
            throws ProofException {
        try {
            List<Item> parts = Cbor.decode(receipt, MAX_BYTES).asArray(7);
            int index = parts.get(0).asUint(Block.MAX_TRANSACTIONS);
            int count = parts.get(1).asUint(Block.MAX_TRANSACTIONS + 1);
            long height = parts.get(3).asUint();
            VerifiedCheckpoint under = CheckpointVerifier.verify(parts.get(6).asBytes(), policy, verifier);
            VerifiedHeader header =
                    HeaderProof.check(under, height, parts.get(4).asBytes(), Paths.fromItem(parts.get(5)));
            boolean included = Rfc9162.includes(
                    header.header().merkleRoot(),
                    index,
                    count,
                    Rfc9162.leafHash(transaction),
                    Paths.fromItem(parts.get(2)));
            if (!included) {
                throw new ProofException(Reason.WRONG_SUBJECT);
            }
            return new VerifiedReceipt(new TransactionLocation(height, index), header, under);
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }
}
