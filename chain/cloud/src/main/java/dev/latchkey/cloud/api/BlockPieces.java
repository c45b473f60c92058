package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.Published;
import dev.latchkey.cloud.chain.StoredChains;
import dev.latchkey.cloud.http.Pieces;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The stream of a chain's blocks: elements {@code [height, bstr block / null, bstr checkpoint / null]}. For one stream;
 * its methods are called by turns.
 */
final class BlockPieces implements Pieces {
    /** Bytes of blocks gathered into one piece; a single larger block is a piece of its own. */
    private static final int PIECE_BYTES = 64 * 1024;

    /** A quiet stream says that it lives when it was silent for longer than this. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final OrderedChain chain;
    private final StoredChains store;
    private final boolean follow;
    private final BooleanSupplier allowed;
    private final Executor workers;
    private long next;
    private Published shown; // the last checkpoint sent, none at first
    private long spokeNanos = System.nanoTime();

    BlockPieces(
            OrderedChain chain,
            StoredChains store,
            long from,
            boolean follow,
            BooleanSupplier allowed,
            Executor workers) {
        this.chain = chain;
        this.store = store;
        this.next = from;
        this.follow = follow;
        this.allowed = allowed;
        this.workers = workers;
    }

    @Override
    public CompletionStage<Optional<Bytes>> next() {
        CompletableFuture<Void> change = chain.bell().next();
        if (!allowed.getAsBoolean()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        List<Item> elements = elements();
        if (elements.isEmpty() && follow && System.nanoTime() - spokeNanos > QUIET_NANOS) {
            elements.add(Cbor.array(Cbor.uint(chain.applied().height()), Cbor.NULL, Cbor.NULL));
        }
        if (!elements.isEmpty()) {
            spokeNanos = System.nanoTime();
            return CompletableFuture.completedFuture(Optional.of(Cbor.encodeSequence(elements)));
        }
        return follow
                ? change.thenComposeAsync(rung -> next(), workers)
                : CompletableFuture.completedFuture(Optional.empty());
    }

    private List<Item> elements() {
        List<Item> elements = new ArrayList<>();
        long head = chain.applied().height();
        if (next <= head) {
            int[] bytes = {0};
            store.blocks(chain.id(), next, head, (height, block) -> {
                elements.add(element(height, block));
                next = height + 1;
                bytes[0] += block.size();
                return bytes[0] < PIECE_BYTES;
            });
        }
        chain.line().published().filter(this::isNews).ifPresent(published -> {
            shown = published;
            elements.add(Cbor.array(Cbor.uint(published.height()), Cbor.NULL, Cbor.bytes(published.encoded())));
        });
        return elements;
    }

    private Item element(long height, Bytes block) {
        Optional<Published> signed =
                chain.line().published().filter(published -> published.height() == height && published != shown);
        signed.ifPresent(published -> shown = published);
        return Cbor.array(
                Cbor.uint(height),
                Cbor.bytes(block),
                signed.map(published -> Cbor.bytes(published.encoded())).orElse(Cbor.NULL));
    }

    /** A checkpoint that the reader has not seen, of a block that it has. */
    private boolean isNews(Published published) {
        return published.height() < next && published != shown;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
