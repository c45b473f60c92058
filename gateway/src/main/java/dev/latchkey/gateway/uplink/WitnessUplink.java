package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.gateway.store.Bell;
import dev.latchkey.gateway.witness.ProvenLie;
import dev.latchkey.gateway.witness.WitnessOutlet;
import dev.latchkey.protocol.TransactionAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this gateway's cosignatures of one chain to the cloud, and proof of lies; runs a thread of its own. Of
 * cosignatures that wait only the newest goes; those of others are looked for while the newest head lacks them. Proof is on disk and brought again after each start; the cloud knows what it
 * has.
 */
public final class WitnessUplink implements WitnessOutlet, AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(WitnessUplink.class);

    private final CloudClient cloud;
    private final Loop loop;
    private final Bell bell = new Bell();
    private final AtomicReference<SignedCheckpoint> cosignature = new AtomicReference<>();
    private final Queue<ProvenLie> lies = new ConcurrentLinkedQueue<>();
    private IntSupplier wanted = () -> 0;
    private Consumer<Bytes> found = checkpoint -> {};

    public WitnessUplink(CloudClient cloud, CloudTiming timing) {
        this.cloud = cloud;
        this.loop = new Loop("witness-uplink", this::turn, timing, reason -> {});
    }

    /**
     * Begins to bring and to look.
     *
     * @param wantedWitnesses how many cosignatures to look for, 0 if none are missing
     * @param foundCheckpoint takes a checkpoint that the cloud says has them
     */
    public void start(IntSupplier wantedWitnesses, Consumer<Bytes> foundCheckpoint) {
        wanted = wantedWitnesses;
        found = foundCheckpoint;
        loop.start();
    }

    @Override
    public void cosigned(SignedCheckpoint own) {
        cosignature.set(own);
        bell.ring();
    }

    @Override
    public void proven(ProvenLie lie) {
        lies.add(lie);
        bell.ring();
    }

    @Override
    public void close() {
        loop.close();
    }

    private void turn() throws IOException, InterruptedException {
        long heard = bell.rings();
        SignedCheckpoint own = cosignature.get();
        ProvenLie lie = lies.peek();
        if (own != null) {
            cloud.establish();
            unlessRefused("a cosignature", () -> cloud.cosign(own));
            cosignature.compareAndSet(own, null);
        }
        if (lie != null) {
            cloud.establish();
            unlessRefused("evidence", () -> cloud.accuse(lie.file()));
            unlessRefused("an evidence transaction", () -> file(lie.transaction()));
            lies.remove();
        }
        if (own == null && lie == null) {
            look();
            bell.await(heard, BETWEEN_LOOKS);
        }
    }

    /** The stream brings cosignatures of the newest head only; under load that is never the one that witnesses saw. */
    private void look() throws IOException, InterruptedException {
        int witnesses = wanted.getAsInt();
        if (witnesses > 0) {
            cloud.establish();
            unlessRefused("a question for cosignatures", () -> found.accept(cloud.cosignedCheckpoint(witnesses)));
        }
    }

    /** Something to bring. */
    @FunctionalInterface
    private interface Delivery {
        void run() throws IOException, InterruptedException;
    }

    /** A refusal is an answer as well: the head is not kept any more, or nobody asks for this witness. */
    private static void unlessRefused(String what, Delivery delivery) throws IOException, InterruptedException {
        try {
            delivery.run();
        } catch (CloudException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            refused(what, e.getMessage());
        }
    }

    private void file(Bytes transaction) throws IOException, InterruptedException {
        for (TransactionAnswer answer : cloud.submit(List.of(transaction))) {
            if (answer instanceof TransactionAnswer.Rejected rejected) {
                refused("an evidence transaction", rejected.code());
            }
        }
    }

    private static void refused(String what, String reason) {
        LOG.atDebug().addKeyValue("what", what).addKeyValue("reason", reason).log("the cloud says no to the witness");
    }
}
