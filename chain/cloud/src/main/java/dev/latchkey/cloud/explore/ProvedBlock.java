package dev.latchkey.cloud.explore;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.Seal;
import dev.latchkey.transaction.SignedTransaction;
import java.util.List;

/**
 * A block whose transactions are those of its header. That the header is the chain's follows from the hash.
 *
 * @param hash of its header
 * @param count of its transactions, without the seal
 * @param encodings of its transactions, without the seal
 * @param transactions the same, decoded
 * @param bytes of the encoded block
 */
record ProvedBlock(
        long height,
        Digest hash,
        Header header,
        Seal seal,
        int count,
        List<Bytes> encodings,
        List<SignedTransaction> transactions,
        int bytes) {
    ProvedBlock {
        encodings = List.copyOf(encodings);
        transactions = List.copyOf(transactions);
    }
}
