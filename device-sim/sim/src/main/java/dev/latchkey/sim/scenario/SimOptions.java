package dev.latchkey.sim.scenario;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.latchkey.console.UsageFault;
import dev.latchkey.sim.fleet.Plan;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Option;

/** How many, for how long, and where the reports go. Filled in by picocli. */
final class SimOptions {
    /** Each costs four open files, a directory and some 300 kB. */
    static final int MAX_DEVICES = 4_000;

    private static final int FILES_PER_DEVICE = 4;
    private static final int OTHER_FILES = 300;

    private static final int MAX_READINGS = 10_000_000;
    private static final int MAX_AT_ONCE = 10_000;
    private static final int DEFAULT_AT_ONCE = 256;
    private static final int LEAST_JOINS = 4;
    private static final int MOST_JOINS = 64;
    private static final int DEVICES_PER_JOIN = 8;
    private static final Duration LONGEST = Duration.ofDays(7);

    @Option(names = "--devices", paramLabel = "N", defaultValue = "20", description = "handhelds, 2 to 4000 (20)")
    private int devices;

    @Option(
            names = "--readings",
            paramLabel = "N",
            description = "readings that the fleet sends in all (every one of the source once; host: 10 a device; with"
                    + " --duration as many as fit)")
    private Integer readings;

    @Option(
            names = "--duration",
            paramLabel = "T",
            description =
                    "send for so long, with its unit, such as 5m; what the scenario lets happen is always finished")
    private Duration duration;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "decides names, who sends to whom, what happens, and the datagrams' fate (any; printed, so that a"
                            + " run can be repeated)")
    private Long seed;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            description = "readings under way at once, of the whole fleet (256, or as many as devices)")
    private Integer atOnce;

    @Option(names = "--joins", paramLabel = "N", description = "joins under way at once (one for 8 devices, 4 to 64)")
    private Integer joins;

    @Option(names = "--json", paramLabel = "FILE", description = "write all figures there, for programs")
    private Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "write a report with plots there, for a browser")
    private Path html;

    /** @throws UsageFault if a value is out of range, or a report could not be written */
    void check() {
        requireRange("--devices", devices, Plan.MIN_MEMBERS, MAX_DEVICES);
        if (readings != null) {
            requireRange("--readings", readings, 1, MAX_READINGS);
        }
        if (atOnce != null) {
            requireRange("--at-once", atOnce, 1, MAX_AT_ONCE);
        }
        if (joins != null) {
            requireRange("--joins", joins, 1, MAX_AT_ONCE);
        }
        if (duration != null && (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0)) {
            throw new UsageFault("--duration must be more than nothing and at most 7 days");
        }
        requireWritable("--json", json);
        requireWritable("--html", html);
        requireFiles();
        if (seed == null) {
            seed = (long) ThreadLocalRandom.current().nextInt(1_000_000);
        }
    }

    private static void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new UsageFault(option + " must be " + least + " to " + most);
        }
    }

    private void requireFiles() {
        long needed = (long) FILES_PER_DEVICE * devices + OTHER_FILES;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < needed) {
            throw new UsageFault(devices + " devices need " + needed + " open files, and this process may have "
                    + system.getMaxFileDescriptorCount() + ": raise it with ulimit -n, or take fewer devices");
        }
    }

    /** Before anything is started: an hour's figures would be lost. */
    private static void requireWritable(String option, Path file) {
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().normalize().getParent();
        if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new UsageFault(option + " " + file + ": no directory there that can be written to");
        }
        if (Files.isDirectory(file)) {
            throw new UsageFault(option + " " + file + " is a directory");
        }
    }

    int devices() {
        return devices;
    }

    /** @param ofSource what is sent when nothing else is asked for */
    int readings(int ofSource) {
        if (readings != null) {
            return readings;
        }
        return duration == null ? ofSource : Integer.MAX_VALUE;
    }

    Optional<Duration> duration() {
        return Optional.ofNullable(duration);
    }

    long seed() {
        return seed;
    }

    int atOnce() {
        return atOnce == null ? Math.min(devices, DEFAULT_AT_ONCE) : atOnce;
    }

    int joins() {
        return joins == null ? Math.max(LEAST_JOINS, Math.min(MOST_JOINS, devices / DEVICES_PER_JOIN)) : joins;
    }

    Optional<Path> json() {
        return Optional.ofNullable(json);
    }

    Optional<Path> html() {
        return Optional.ofNullable(html);
    }
}
