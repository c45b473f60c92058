package dev.latchkey.cloud.store;

import java.util.ArrayDeque;
import java.util.Deque;

/** The native objects of one store, freed in the reverse of the order in which they were made. For one thread. */
final class NativeParts implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new StoreFault("a native part could not be freed", e);
            }
        }
    }
}
