package dev.latchkey.sim.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process takes of its machine.
 *
 * @param cpuNanos processor time of all its threads since it began, compiler and garbage collector included
 * @param residentBytes memory it occupies now; 0 where the system does not tell
 * @param peakResidentBytes the most it ever occupied; 0 where the system does not tell
 * @param heapBytes Java heap in use, garbage included
 */
record ProcessUse(long cpuNanos, long residentBytes, long peakResidentBytes, long heapBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");

    /** Asks the system; takes some ten microseconds. */
    static ProcessUse now() {
        long cpu = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                ? Math.max(0, os.getProcessCpuTime())
                : 0;
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long resident = 0;
        long peak = 0;
        try {
            // proc(5): "VmRSS:     123456 kB"
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    resident = kibibytes(line);
                } else if (line.startsWith("VmHWM:")) {
                    peak = kibibytes(line);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Not a Linux: memory stays unknown, the heap tells enough.
            return new ProcessUse(cpu, 0, 0, heap);
        }
        return new ProcessUse(cpu, resident, peak, heap);
    }

    private static long kibibytes(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
    }
}
