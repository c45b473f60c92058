package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** Who is to be told when a mailbox gets something. Thread-safe; listeners run on the updater and must not block. */
public final class Arrivals {
    private final ConcurrentMap<Bytes, Set<Consumer<Bytes>>> listeners = new ConcurrentHashMap<>();

    /** Tells the listener the owner's id whenever something arrives, until it is removed. */
    public void listen(Bytes owner, Consumer<Bytes> listener) {
        listeners.compute(owner, (key, present) -> {
            Set<Consumer<Bytes>> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(listener);
            return all;
        });
    }

    /** Stops telling the listener. */
    public void remove(Bytes owner, Consumer<Bytes> listener) {
        listeners.computeIfPresent(owner, (key, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    void announce(Bytes owner) {
        Set<Consumer<Bytes>> all = listeners.get(owner);
        if (all != null) {
            all.forEach(listener -> listener.accept(owner));
        }
    }

    void announceAll() {
        listeners.keySet().forEach(this::announce);
    }
}
