package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.ledger.Admission;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.Refusal;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The way of a chain's transactions into its log. Thread-safe.
 *
 * <p>A transaction is checked in full, in parallel with others, before it waits here. What waits goes into the log as
 * soon as there is room in flight: alone when the chain is quiet, with all that came meanwhile when it is busy. There is
 * no timer.
 */
public final class TransactionQueue {
    /** Entries on their way through the log at one time; with work to do, one. */
    static final int MAX_IN_FLIGHT = 4;

    /** Transactions that are being checked or wait; further ones are refused as overloaded. */
    static final int MAX_WAITING = 8_192;

    /** Their bytes. */
    static final long MAX_WAITING_BYTES = 16L << 20;

    /** Bytes of an entry's transactions, below the block's own limit by its seal and header. */
    private static final int MAX_ENTRY_BYTES = Block.MAX_TRANSACTION_BYTES - 1024;

    private static final Verdict OVERLOADED = new Verdict.Refused("overloaded");

    private final OrderedChain chain;
    private final Parts parts;
    private final Deque<Waiting> queue = new ArrayDeque<>(); // guarded by this
    private int inFlight; // guarded by this
    private int waitingCount; // guarded by this
    private long waitingBytes; // guarded by this

    /** A queue for one chain. */
    public TransactionQueue(OrderedChain chain, Parts parts) {
        this.chain = chain;
        this.parts = parts;
    }

    /**
     * What all queues of a node share.
     *
     * @param raft the log
     * @param group the name of the chains' group
     * @param verifier checks signatures
     * @param provenance says of those who come from other chains whether they do
     * @param checkers where transactions are checked, in parallel
     * @param workers where replies are handled
     * @param miners where nonces are searched for
     */
    public record Parts(
            RaftNode raft,
            String group,
            EcVerifier verifier,
            Provenance provenance,
            Executor checkers,
            Executor workers,
            Executor miners,
            Clock clock,
            SecureRandom random) {}

    private record Waiting(Bytes transaction, CompletableFuture<Verdict> verdict) {}

    /**
     * Submits a transaction. The stage fails with a {@link dev.latchkey.cloud.raft.RaftFault} if the log does not take
     * it; the same transaction may then be submitted again, and is applied once.
     */
    public CompletionStage<Verdict> submit(Bytes transaction) {
        if (!reserve(transaction.size())) {
            return CompletableFuture.completedFuture(OVERLOADED);
        }
        Waiting waiting = new Waiting(transaction, new CompletableFuture<>());
        waiting.verdict.whenComplete((verdict, fault) -> release(transaction.size()));
        try {
            parts.checkers.execute(() -> check(waiting));
        } catch (RejectedExecutionException e) {
            waiting.verdict.complete(OVERLOADED);
        }
        return waiting.verdict;
    }

    /** Puts a block with only the seal on a chain that was idle for an hour, so that its deadlines move. */
    public void tick() {
        long idle = parts.clock.millis() - chain.applied().header().timeMillis();
        synchronized (this) {
            if (idle < Ledger.IDLE_MILLIS || !queue.isEmpty() || inFlight > 0) {
                return;
            }
            inFlight++;
        }
        propose(List.of());
    }

    /** Transactions that are being checked, wait, or are on their way through the log. */
    public synchronized int waiting() {
        return waitingCount;
    }

    private synchronized boolean reserve(int bytes) {
        if (waitingCount >= MAX_WAITING || waitingBytes + bytes > MAX_WAITING_BYTES) {
            return false;
        }
        waitingCount++;
        waitingBytes += bytes;
        return true;
    }

    private synchronized void release(int bytes) {
        waitingCount--;
        waitingBytes -= bytes;
    }

    private void check(Waiting waiting) {
        try {
            Outcome outcome =
                    Admission.check(chain.applied(), waiting.transaction, parts.clock.millis(), parts.verifier);
            if (!(outcome instanceof Outcome.Applied)) {
                waiting.verdict.complete(Verdict.of(outcome));
                return;
            }
            Optional<String> refusal = parts.provenance.refusal(waiting.transaction);
            if (refusal.isPresent()) {
                waiting.verdict.complete(new Verdict.Refused(refusal.get()));
                return;
            }
            synchronized (this) {
                queue.addLast(waiting);
            }
            drain();
        } catch (RuntimeException e) {
            waiting.verdict.completeExceptionally(e);
        }
    }

    private void drain() {
        List<Waiting> batch = take();
        while (!batch.isEmpty()) {
            propose(batch);
            batch = take();
        }
    }

    private synchronized List<Waiting> take() {
        List<Waiting> batch = new ArrayList<>();
        int limit = chain.applied().policy().difficulty() == 0 ? MAX_IN_FLIGHT : 1;
        if (inFlight >= limit) {
            return batch;
        }
        int bytes = 0;
        while (!queue.isEmpty()
                && batch.size() < Block.MAX_TRANSACTIONS
                && bytes + queue.peekFirst().transaction.size() <= MAX_ENTRY_BYTES) {
            bytes += queue.peekFirst().transaction.size();
            batch.add(queue.pollFirst());
        }
        if (!batch.isEmpty()) {
            inFlight++;
        }
        return batch;
    }

    private void propose(List<Waiting> batch) {
        List<Bytes> transactions = batch.stream().map(Waiting::transaction).toList();
        ChainState parent = chain.applied();
        Entry entry = Work.none(parent.chainId(), parts.clock.millis(), transactions, parts.random);
        CompletionStage<Bytes> reply = parent.policy().difficulty() == 0
                ? send(entry)
                : Work.search(chain, parent, entry, parts.random, parts.miners)
                        .thenCompose(found -> found.isPresent()
                                ? send(found.get())
                                : CompletableFuture.completedFuture(overtaken(batch.size())));
        reply.whenCompleteAsync((verdicts, fault) -> settle(batch, verdicts, fault), parts.workers);
    }

    private CompletionStage<Bytes> send(Entry entry) {
        return parts.raft.submit(parts.group, ChainCommand.extend(entry));
    }

    /** The reply that apply would give to work for another parent. */
    private static Bytes overtaken(int transactions) {
        return Verdict.encode(Collections.nCopies(transactions, new Verdict.Refused(Refusal.STALE_WORK.code())));
    }

    private void settle(List<Waiting> batch, Bytes reply, Throwable fault) {
        List<Verdict> verdicts = fault == null ? Verdict.decode(reply) : List.of();
        synchronized (this) {
            inFlight--;
            for (int i = batch.size() - 1; i >= 0; i--) {
                if (fault == null && isStale(verdicts.get(i))) {
                    queue.addFirst(batch.get(i)); // another block came first: the work is done again
                }
            }
        }
        for (int i = 0; i < batch.size(); i++) {
            if (fault != null) {
                batch.get(i).verdict.completeExceptionally(fault);
            } else if (!isStale(verdicts.get(i))) {
                batch.get(i).verdict.complete(verdicts.get(i));
            }
        }
        drain();
    }

    private static boolean isStale(Verdict verdict) {
        return verdict instanceof Verdict.Refused refused && refused.code().equals(Refusal.STALE_WORK.code());
    }
}
