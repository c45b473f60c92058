package dev.latchkey.gateway.store;

/**
 * One unit of change: reads, decides and writes, and sees what every earlier unit wrote. It runs on the store's one
 * writing thread, so units never race; it must not wait for anything. What it throws undoes what it wrote.
 *
 * @param <T> what it tells its caller, once everything it read and wrote is on disk
 */
@FunctionalInterface
public interface Work<T> {
    T run(Draft draft);
}
