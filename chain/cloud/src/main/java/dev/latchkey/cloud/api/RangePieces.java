package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.chain.StoredChains;
import dev.latchkey.cloud.http.Pieces;
import dev.latchkey.transaction.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Blocks from one height to another, as elements {@code [height, bstr block, null]}: always the same bytes. For one
 * stream; its methods are called by turns.
 */
final class RangePieces implements Pieces {
    private static final int PIECE_BYTES = 64 * 1024;

    private final ChainId chain;
    private final StoredChains store;
    private final long to;
    private final BooleanSupplier allowed;
    private long next;

    RangePieces(ChainId chain, StoredChains store, long from, long to, BooleanSupplier allowed) {
        this.chain = chain;
        this.store = store;
        this.next = from;
        this.to = to;
        this.allowed = allowed;
    }

    @Override
    public CompletionStage<Optional<Bytes>> next() {
        if (!allowed.getAsBoolean()) {
            // an end before the end must not look like one
            return CompletableFuture.failedFuture(new IllegalStateException("the reader may not go on"));
        }
        List<Item> elements = new ArrayList<>();
        int[] bytes = {0};
        if (next <= to) {
            store.blocks(chain, next, to, (height, block) -> {
                elements.add(Cbor.array(Cbor.uint(height), Cbor.bytes(block), Cbor.NULL));
                next = height + 1;
                bytes[0] += block.size();
                return bytes[0] < PIECE_BYTES;
            });
        }
        return CompletableFuture.completedFuture(
                elements.isEmpty() ? Optional.empty() : Optional.of(Cbor.encodeSequence(elements)));
    }

    @Override
    public void close() {
        // nothing is held
    }
}
