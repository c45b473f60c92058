package dev.latchkey.device;

import java.util.concurrent.CompletableFuture;

/**
 * What a caller of receive waits for; it outlives the inbox when keys, gateway or chain change. Used from the device's
 * lane.
 */
final class Reception {
    private final InboxListener listener;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long wanted;

    /** @param most packs that are delivered before it ends by itself */
    Reception(InboxListener listener, long most) {
        this.listener = listener;
        this.wanted = most;
    }

    InboxListener listener() {
        return listener;
    }

    /** Packs still to be delivered; the rest of the inbox is left as it is. */
    long wanted() {
        return wanted;
    }

    void delivered(long packs) {
        wanted -= packs;
    }

    /** Completes when as many packs as wanted are delivered and the gateway has dropped them. */
    CompletableFuture<Void> done() {
        return done;
    }

    void end() {
        if (wanted == 0) {
            done.complete(null);
        } else {
            done.completeExceptionally(new DeviceException(DeviceException.Kind.CLOSED, "the device was closed"));
        }
    }
}
