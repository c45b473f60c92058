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

    /** When the oldest waiting message was accepted, milliseconds since 1970; empty if none waits. Reads the disk. */
    public OptionalLong oldestMillis() {
        return byChain.values().stream()
                .flatMapToLong(outbox -> outbox.oldestMillis().stream())
                .min();
    }

    private long sum(ToLongFunction<Outbox> figure) {
        return byChain.values().stream().mapToLong(figure).sum();
    }
}
