package dev.latchkey.sim.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** CPU time of the calling thread: compiler and garbage collector are not in it. Stateless. */
final class CallTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CallTime() {}

    /** Something that is done a number of times. */
    @FunctionalInterface
    interface Step {
        void run(int index) throws Exception;
    }

    /** Nanoseconds of each of so many steps, on average. */
    static double nanos(int steps, Step step) throws Exception {
        long before = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < steps; i++) {
            step.run(i);
        }
        return (double) (THREADS.getCurrentThreadCpuTime() - before) / steps;
    }
}
