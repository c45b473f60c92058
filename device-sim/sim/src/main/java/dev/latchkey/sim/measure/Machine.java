package dev.latchkey.sim.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a run was measured on, without naming the machine. Immutable.
 *
 * @param cores processors this process may use
 * @param memoryBytes of the machine, 0 when not known
 * @param java version of the Java runtime
 * @param system operating system and architecture
 */
public record Machine(int cores, long memoryBytes, String java, String system) {
    /** This one. */
    public static Machine here() {
        long memory = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : 0;
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                memory,
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
}
