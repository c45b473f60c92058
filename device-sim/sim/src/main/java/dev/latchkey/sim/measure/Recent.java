package dev.latchkey.sim.measure;

/**
 * The last few whole seconds, for the eye: rates a second, and how long things took. Immutable.
 *
 * @param cpus processors kept busy by this process
 */
record Recent(
        double sent,
        double acknowledged,
        double opened,
        double upBytes,
        double downBytes,
        double cpus,
        Latency acknowledging,
        Latency opening) {
    static final Recent NONE = new Recent(0, 0, 0, 0, 0, 0, Latency.NONE, Latency.NONE);
}
