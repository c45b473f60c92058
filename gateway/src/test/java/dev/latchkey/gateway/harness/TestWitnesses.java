package dev.latchkey.gateway.harness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What gateways brought to the cloud about its checkpoints, and checkpoints it offers beside its blocks. Guarded by itself. */
public final class TestWitnesses {
    private final List<SignedCheckpoint> cosignatures = new ArrayList<>();
    private final List<Bytes> evidence = new ArrayList<>();
    private final List<Bytes> offers = new ArrayList<>();
    private Optional<SignedCheckpoint> newestCosigned = Optional.empty();

    /** Cosignatures, in the order in which they came. */
    public synchronized List<SignedCheckpoint> cosignatures() {
        return List.copyOf(cosignatures);
    }

    /** Evidence files, in the order in which they came. */
    public synchronized List<Bytes> evidence() {
        return List.copyOf(evidence);
    }

    /** Offers a checkpoint to all followers, whatever it says; {@link TestCloud#announce()} has them hear of it. */
    public synchronized void offer(SignedCheckpoint checkpoint) {
        offers.add(checkpoint.encode());
    }

    /** From now on this is the newest checkpoint with cosignatures for who asks. */
    public synchronized void hasCosigned(SignedCheckpoint checkpoint) {
        newestCosigned = Optional.of(checkpoint);
    }

    synchronized Optional<SignedCheckpoint> newestCosigned() {
        return newestCosigned;
    }

    synchronized void cosigned(SignedCheckpoint checkpoint) {
        cosignatures.add(checkpoint);
    }

    synchronized void accused(Bytes file) {
        evidence.add(file);
    }

    synchronized List<Bytes> offersFrom(int index) {
        return List.copyOf(offers.subList(index, offers.size()));
    }
}
