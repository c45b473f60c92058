package dev.latchkey.sim.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;

/**
 * CPU time of all Java threads of this process but the relay's; compiler and garbage collector are none of them.
 * Stateless.
 */
final class ThreadsTime {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Stands for the network. */
    private static final String RELAY = "impairment-relay";

    private ThreadsTime() {}

    /** Nanoseconds since the threads that live now began. */
    static long nanos() {
        long[] living = THREADS.getAllThreadIds();
        ThreadInfo[] about = THREADS.getThreadInfo(living);
        long[] used = THREADS.getThreadCpuTime(living);
        long sum = 0;
        for (int i = 0; i < living.length; i++) {
            boolean counts = about[i] != null && !about[i].getThreadName().equals(RELAY) && used[i] > 0;
            sum += counts ? used[i] : 0;
        }
        return sum;
    }
}
