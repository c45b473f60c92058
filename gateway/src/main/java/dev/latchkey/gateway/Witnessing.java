package dev.latchkey.gateway;

import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.Signer;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.gateway.witness.ChainWatch;
import dev.latchkey.gateway.witness.EvidenceShelf;
import dev.latchkey.gateway.witness.Witness;
import dev.latchkey.gateway.witness.WitnessDesk;
import dev.latchkey.gateway.witness.WitnessOutlet;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all chains share to watch the replicas' honesty: one key, one book of cosignatures, one shelf of evidence. */
final class Witnessing implements AutoCloseable {
    /** Suspicious checkpoints that may wait; more come again, for who lies goes on lying. */
    private static final int MAX_WAITING = 16;

    private static final long LONGEST_CLOSE_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Witnessing.class);
    private static final String EVIDENCE = "evidence";

    private final Signer sig;
    private final EcVerifier verifier;
    private final Witness witness;
    private final EvidenceShelf shelf;
    private final ThreadPoolExecutor inquiries =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                Thread thread = new Thread(task, "fork-inquiry");
                thread.setDaemon(true);
                return thread;
            });

    /**
     * Makes the shared parts.
     *
     * @param sig the gateway's sig key
     * @param data the gateway's data directory
     */
    Witnessing(Signer sig, Path data, Store store, Clock clock, EcVerifier verifier) {
        this.sig = sig;
        this.verifier = verifier;
        this.witness = new Witness(sig, store, clock);
        this.shelf = new EvidenceShelf(data.resolve(EVIDENCE));
    }

    /** The watch over one chain. */
    ChainWatch of(Replica replica, CloudClient cloud, WitnessOutlet outlet) {
        return new ChainWatch(replica, witness, sig, cloud::headerProof, shelf, verifier, inquiries, outlet);
    }

    /** Where proof of lies is kept. */
    EvidenceShelf shelf() {
        return shelf;
    }

    /** Where checkpoints can be brought to. */
    WitnessDesk desk(Replicas replicas, Executor workers) {
        return new WitnessDesk(replicas, witness, verifier, workers);
    }

    /** Returns when no inquiry reads the store any more, which may be closed then. */
    @Override
    public void close() {
        inquiries.shutdownNow();
        try {
            if (!inquiries.awaitTermination(LONGEST_CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a suspicious checkpoint is still being looked into");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
