package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.Mining;
import dev.latchkey.transaction.ChainId;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The search for a nonce that a chain's difficulty asks for. Each search is for one thread at a time; it gives the
 * executor back after every slice, so that chains which mine at the same time share it.
 */
final class Work {
    /** Tries of one slice: about 20 ms. */
    private static final int SLICE = 1 << 16;

    private final OrderedChain chain;
    private final ChainState parent;
    private final Executor miners;
    private final CompletableFuture<Optional<Entry>> result = new CompletableFuture<>();
    private Mining mining;
    private long nonce;

    private Work(OrderedChain chain, ChainState parent, long nonce, Executor miners) {
        this.chain = chain;
        this.parent = parent;
        this.nonce = nonce;
        this.miners = miners;
    }

    /** An entry at difficulty 0: a random nonce, any parent. */
    static Entry none(ChainId chain, long clockMillis, List<Bytes> transactions, SecureRandom random) {
        byte[] nonce = new byte[Header.NONCE_BYTES];
        random.nextBytes(nonce);
        return new Entry(chain, clockMillis, Bytes.wrap(nonce), Optional.empty(), transactions);
    }

    /**
     * Searches for the nonce with which an entry makes a block after {@code parent}. The stage completes with the entry,
     * or with nothing as soon as the chain has moved on to another block, since the work would be for none.
     */
    static CompletionStage<Optional<Entry>> search(
            OrderedChain chain, ChainState parent, Entry entry, SecureRandom random, Executor miners) {
        Work work = new Work(chain, parent, random.nextLong(), miners);
        work.onMiners(() -> {
            work.mining = Mining.of(parent, entry);
            work.slice();
        });
        return work.result;
    }

    private void slice() {
        if (!chain.applied().blockHash().equals(parent.blockHash())) {
            result.complete(Optional.empty());
            return;
        }
        Optional<Entry> found = mining.search(nonce, SLICE);
        if (found.isPresent()) {
            result.complete(found);
            return;
        }
        nonce += SLICE;
        onMiners(this::slice);
    }

    private void onMiners(Runnable part) {
        try {
            miners.execute(() -> {
                try {
                    part.run();
                } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e); // the node stops
        }
    }
}
