package dev.latchkey.gateway.outbox;

import dev.latchkey.transaction.ChainId;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** The queues to the cloud, one for each served chain: a message goes up in the chain of its sender; thread-safe. */
public final class Outboxes {
    private final Map<ChainId, Outbox> byChain = new ConcurrentHashMap<>();

    /** Adds the queue of a chain. */
    public void add(ChainId chain, Outbox outbox) {
        byChain.put(chain, outbox);
    }

    /** The queue of a served chain. */
    public Outbox of(ChainId chain) {
        return byChain.get(chain);
    }

    /** Messages that wait for the cloud. */
    public long depth() {
        return sum(Outbox::depth);
    }

    /** What they take, in bytes. */
    public long bytes() {
        return sum(Outbox::bytes);
    }

    /** Messages that the cloud refused and that were set aside. */
    public long refused() {
        return sum(Outbox::refused);
    }

    /** How long the oldest waiting message waits, in milliseconds; empty if none does. Reads the disk. */
    public OptionalLong oldestAgeMillis(long nowMillis) {
        return byChain.values().stream()
                .flatMapToLong(outbox -> outbox.oldestMillis().stream())
                .map(since -> Math.max(0, nowMillis - since))
                .max();
    }

    private long sum(ToLongFunction<Outbox> figure) {
        return byChain.values().stream().mapToLong(figure).sum();
    }
}
