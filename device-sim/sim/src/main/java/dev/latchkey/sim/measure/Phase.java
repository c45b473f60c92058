package dev.latchkey.sim.measure;

/**
 * A named part of a run.
 *
 * @param startNanos since the run began
 * @param endNanos since the run began; of the last phase, when the snapshot was taken
 * @param goal what is counted towards the end of it: {@code sent}, {@code acknowledged}, {@code opened} or a kind of
 *     event; empty when nothing is
 * @param target how many there should be; 0 when that is not known
 * @param reached how many there were in this phase
 */
public record Phase(String name, long startNanos, long endNanos, String goal, long target, long reached) {}
