package dev.latchkey.cloud.explore;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.CborSequence;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.ledger.Seal;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The blocks of a range as a node streams them, each tied to the one before by hash, and its transactions to its header.
 * The last one's hash, which {@link #newest()} says, is what the caller compares. For one thread.
 */
final class BlockRange implements Closeable {
    private static final int MAX_ELEMENT_BYTES = Block.MAX_BYTES + SignedCheckpoint.MAX_BYTES + 64;

    private final CborSequence elements;
    private final long to;
    private long next;
    private Optional<Digest> newest = Optional.empty();

    BlockRange(InputStream body, long from, long to) {
        this.elements = new CborSequence(body, MAX_ELEMENT_BYTES);
        this.next = from;
        this.to = to;
    }

    /** The next block; nothing after the last one. */
    Optional<ProvedBlock> next()
            throws IOException, MalformedCborException, MalformedBlockException, MalformedTransactionException,
                    FalseProofException {
        if (next > to) {
            return Optional.empty();
        }
        Item element = elements.next().orElseThrow(() -> wrong("the answer ends before block " + to));
        List<Item> parts = element.asArray(3);
        if (parts.get(0).asUint() != next || parts.get(1).isNull()) {
            throw wrong("another block than " + next);
        }
        ProvedBlock block = block(parts.get(1).asBytes());
        newest = Optional.of(block.hash());
        next++;
        return Optional.of(block);
    }

    private ProvedBlock block(Bytes encoded)
            throws MalformedBlockException, MalformedTransactionException, FalseProofException {
        Block block = Block.decode(encoded);
        Header header = Header.decode(block.header());
        if (newest.isPresent() && !header.previous().equals(newest.get())) {
            throw wrong("block " + next + " does not follow the one before");
        }
        if (!block.merkleRoot().equals(header.merkleRoot())) {
            throw wrong("block " + next + " has other transactions than its header says");
        }
        Seal seal = Seal.decode(block.transactions().get(0));
        if (seal.height() != next) {
            throw wrong("block " + next + " is sealed for another height");
        }
        List<Bytes> encodings =
                block.transactions().subList(1, block.transactions().size());
        List<SignedTransaction> transactions = new ArrayList<>();
        for (Bytes transaction : encodings) {
            transactions.add(SignedTransaction.decode(transaction));
        }
        return new ProvedBlock(
                next, block.hash(), header, seal, encodings.size(), encodings, transactions, encoded.size());
    }

    private static FalseProofException wrong(String what) {
        return new FalseProofException("blocks: " + what);
    }

    /** The hash of the newest block that was taken. */
    Digest newest() {
        return newest.orElseThrow();
    }

    @Override
    public void close() throws IOException {
        elements.close();
    }
}
