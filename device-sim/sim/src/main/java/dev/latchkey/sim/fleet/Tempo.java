package dev.latchkey.sim.fleet;

/** When readings are due; a pure function. */
@FunctionalInterface
public interface Tempo {
    /** As fast as the gate lets them. */
    Tempo AT_ONCE = number -> 0;

    /** Nanoseconds after sending began. */
    long dueNanos(int number);

    /** So many readings a second, of the whole fleet. */
    static Tempo perSecond(double rate) {
        return number -> (long) (number / rate * 1e9);
    }
}
