package dev.latchkey.gateway.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.latchkey.coap.OfferedSuites;
import dev.latchkey.console.Units;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.host.EcProviders;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the machine gives: time, randomness, cryptography, files and room on the disk. */
final class MachineChecks {
    /** When this program was written: no clock that goes right says less. */
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");
    private static final Duration SLOW_RANDOM = Duration.ofSeconds(1);
    private static final long LEAST_ROOM = 64L << 20;
    /** What the store may have open, sockets of a chain, and what every JVM has. */
    private static final long STORE_FILES = 256;

    private static final long FILES_OF_A_CHAIN = 16;
    private static final long OTHER_FILES = 256;
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private MachineChecks() {}

    static Finding clock(Clock clock) {
        Instant now = clock.instant();
        return now.isBefore(EARLIEST) || now.isAfter(LATEST)
                ? Finding.fail("clock", "it is " + now + " here", "set the clock, for instance by NTP")
                : Finding.ok("clock", now.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    static Finding entropy() {
        long began = System.nanoTime();
        new SecureRandom().nextBytes(new byte[32]);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return took.compareTo(SLOW_RANDOM) > 0
                ? Finding.warn(
                        "entropy",
                        "32 random bytes took " + Units.text(took),
                        "give the machine a source of randomness, for instance rng-tools or virtio-rng")
                : Finding.ok("entropy", "32 random bytes in " + Units.text(took));
    }

    static List<Finding> cryptography() {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                EcProviders.isNative()
                        ? Finding.ok("crypto provider", EcProviders.name() + ": " + EcProviders.reason())
                        : Finding.warn(
                                "crypto provider",
                                EcProviders.name() + ": " + EcProviders.reason(),
                                "handshakes cost several times as much; run on Linux x86-64 or aarch64 with glibc"));
        List<String> missing = OfferedSuites.byName().entrySet().stream()
                .filter(suite -> !suite.getValue())
                .map(Map.Entry::getKey)
                .toList();
        int all = OfferedSuites.byName().size();
        findings.add(
                missing.isEmpty()
                        ? Finding.ok("DTLS suites", "all " + all + " available")
                        : Finding.fail(
                                "DTLS suites",
                                "not available: " + String.join(", ", missing),
                                "use a JDK 17 or newer with its standard providers"));
        return findings;
    }

    static Finding fileDescriptors(GatewaySettings settings) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return Finding.warn("file descriptors", "this system does not tell", "");
        }
        long most = system.getMaxFileDescriptorCount();
        long needed = STORE_FILES + FILES_OF_A_CHAIN * settings.chains().size() + OTHER_FILES;
        return most < needed
                ? Finding.fail(
                        "file descriptors",
                        "at most " + most + " here, and " + needed + " may be needed",
                        "ulimit -n 4096, or LimitNOFILE=4096 in the unit")
                : Finding.ok("file descriptors", "at most " + most + " here, " + needed + " may be needed");
    }

    static Finding data(Path data) throws IOException {
        if (!Files.exists(data)) {
            return Finding.ok("data", data + " will be made");
        }
        if (!Files.isDirectory(data) || !Files.isWritable(data)) {
            return Finding.fail("data", data + " is no directory one can write to", "give it to the gateway's user");
        }
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(data);
        return modes.stream().anyMatch(OTHERS::contains)
                ? Finding.warn("data", "others have a way into " + data, "chmod 700 " + data)
                : Finding.ok("data", data.toString());
    }

    static Finding room(GatewaySettings settings) throws IOException {
        Path there = settings.data().toAbsolutePath();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        long free = Files.getFileStore(there).getUsableSpace();
        long wanted = settings.bounds().outbox() + settings.bounds().inboxes() + LEAST_ROOM;
        String found = Units.bytes(free) + " free, limits of " + Units.bytes(wanted - LEAST_ROOM);
        if (free < LEAST_ROOM) {
            return Finding.fail("disk", found, "make room: the store needs " + Units.bytes(LEAST_ROOM) + " at least");
        }
        return free < wanted
                ? Finding.warn("disk", found, "make room, or lower limits.outbox and limits.inboxes")
                : Finding.ok("disk", found);
    }
}
