package dev.latchkey.sim.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Counts by the CPU time of this whole process, garbage collection and compiler included, as {@code openssl speed} counts
 * by that of its own: so neighbours on the machine take less from the figure than by the clock.
 */
final class CpuTime {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private CpuTime() {}

    /** A piece of work that says how many units of it were done. */
    @FunctionalInterface
    interface Work {
        long run() throws Exception;
    }

    /** Repeats the work until it has taken so much CPU time, and returns its units per second of that. */
    static double perSecond(double seconds, Work work) throws Exception {
        long before = PROCESS.getProcessCpuTime();
        long enough = (long) (seconds * 1e9);
        long done = 0;
        long used;
        do {
            done += work.run();
            used = PROCESS.getProcessCpuTime() - before;
        } while (used < enough);
        return done / Math.max(1e-9, used / 1e9);
    }
}
