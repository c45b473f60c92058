package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts off the checking of signatures, so that the rules of later blocks are worked out while those of earlier ones are
 * checked on every core, however few signatures a block has. To {@link #verify} it says yes, which is no verdict: a chain
 * is good only when {@link #finish} finds no false one. For one thread; it has its own threads to check on.
 */
final class SignatureQueue implements EcVerifier, AutoCloseable {
    /** Signatures handed to a thread at a time: enough that handing over costs nothing beside checking. */
    private static final int BATCH = 32;

    /** Batches that wait or are being checked, per thread; beyond them {@link #verify} checks a batch itself. */
    private static final int BATCHES_PER_THREAD = 8;

    private static final long NONE = Long.MAX_VALUE;

    private record Claim(long height, CoseKey key, Bytes message, Bytes signature) {}

    private final EcVerifier verifier;
    private final ExecutorService threads;
    private final int room;
    private final Semaphore free;
    private final AtomicLong lowestFault = new AtomicLong(NONE);
    private List<Claim> gathered = new ArrayList<>(BATCH);
    private long height;
    private long count;

    SignatureQueue(EcVerifier verifier, int cores) {
        this.verifier = verifier;
        this.threads = Executors.newFixedThreadPool(cores, work -> {
            Thread thread = new Thread(work, "audit-signatures");
            thread.setDaemon(true);
            return thread;
        });
        this.room = cores * BATCHES_PER_THREAD;
        this.free = new Semaphore(room);
    }

    /** Which block the signatures from now on belong to. */
    void at(long blockHeight) {
        this.height = blockHeight;
    }

    /** How many signatures were handed in. */
    long count() {
        return count;
    }

    /** Whether a false signature was found so far. */
    boolean failed() {
        return lowestFault.get() != NONE;
    }

    /** Always true; the verdict is {@link #finish}'s. */
    @Override
    public boolean verify(CoseKey key, Bytes message, Bytes signature) {
        count++;
        gathered.add(new Claim(height, key, message, signature));
        if (gathered.size() == BATCH) {
            handOver();
        }
        return true;
    }

    /** Waits until all are checked. The lowest height with a false signature, if there is one. */
    OptionalLong finish() {
        handOver();
        free.acquireUninterruptibly(room);
        free.release(room);
        return failed() ? OptionalLong.of(lowestFault.get()) : OptionalLong.empty();
    }

    private void handOver() {
        List<Claim> batch = gathered;
        gathered = new ArrayList<>(BATCH);
        if (!free.tryAcquire()) {
            check(batch);
            return;
        }
        threads.execute(() -> {
            boolean whole = false;
            try {
                check(batch);
                whole = true;
            } finally {
                if (!whole) {
                    fault(batch.get(0).height()); // what could not be checked is not good
                }
                free.release();
            }
        });
    }

    private void check(List<Claim> batch) {
        for (Claim claim : batch) {
            if (!verifier.verify(claim.key(), claim.message(), claim.signature())) {
                fault(claim.height());
                return; // heights only rise within a batch
            }
        }
    }

    private void fault(long at) {
        lowestFault.accumulateAndGet(at, Math::min);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
