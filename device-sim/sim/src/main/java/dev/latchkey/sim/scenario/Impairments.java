package dev.latchkey.sim.scenario;

import dev.latchkey.coap.relay.Impairment;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What datagrams suffer between fleet and gateway. Filled in by picocli. */
final class Impairments {
    private static final double LOSSY_LOSS = 0.05;
    private static final double LOSSY_DUPLICATION = 0.02;
    private static final double LOSSY_REORDERING = 0.05;
    private static final Duration LOSSY_MIN_DELAY = Duration.ofMillis(5);
    private static final Duration LOSSY_MAX_DELAY = Duration.ofMillis(60);
    private static final Duration LOSSY_REBINDING = Duration.ofSeconds(10);
    private static final int LOSSY_MTU = 1_232;

    @Option(names = "--loss", paramLabel = "SHARE", description = "datagrams lost each way, 0 to 0.5 (lossy: 0.05)")
    private Double loss;

    @Option(
            names = "--duplication",
            paramLabel = "SHARE",
            description = "datagrams that arrive twice, 0 to 1 (lossy: 0.02)")
    private Double duplication;

    @Option(
            names = "--reordering",
            paramLabel = "SHARE",
            description = "datagrams that come 20 ms later than their delay, 0 to 1 (lossy: 0.05)")
    private Double reordering;

    @Option(
            names = "--delay",
            paramLabel = "MIN-MAX",
            description = "delay each way, such as 5ms-60ms; each datagram draws its own (lossy: 5ms-60ms)")
    private String delay;

    @Option(
            names = "--rebind",
            paramLabel = "TIME",
            description = "how often a NAT gives all devices new addresses (lossy: 10s)")
    private Duration rebind;

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            description = "largest UDP payload that passes, 200 or more (lossy: 1232, an IPv6 link of 1280)")
    private Integer mtu;

    private boolean lossy;

    /** Takes the defaults of the lossy scenario for what is not given. */
    void lossy() {
        lossy = true;
    }

    /** @throws UsageFault if a value is out of range */
    void check() {
        requireShare("--loss", loss, 0.5);
        requireShare("--duplication", duplication, 1);
        requireShare("--reordering", reordering, 1);
        if (mtu != null && mtu < 200) {
            throw new UsageFault("--mtu must be 200 or more: a handshake has datagrams of that size");
        }
        if (rebind != null && rebind.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new UsageFault("--rebind must be 1s or more");
        }
        delays();
    }

    private static void requireShare(String option, Double share, double most) {
        if (share != null && !(share >= 0 && share <= most)) {
            throw new UsageFault(option + " must be 0 to " + most);
        }
    }

    private record Delays(Duration shortest, Duration longest) {}

    private Delays delays() {
        if (delay == null) {
            return lossy ? new Delays(LOSSY_MIN_DELAY, LOSSY_MAX_DELAY) : new Delays(Duration.ZERO, Duration.ZERO);
        }
        String[] parts = delay.split("-", 2);
        try {
            Duration shortest = Units.duration(parts[0]);
            Duration longest = parts.length < 2 ? shortest : Units.duration(parts[1]);
            if (shortest.isNegative()
                    || longest.compareTo(shortest) < 0
                    || longest.compareTo(Duration.ofSeconds(10)) > 0) {
                throw new UsageFault("--delay must be a shortest and a longest delay of at most 10s, such as 5ms-60ms");
            }
            return new Delays(shortest, longest);
        } catch (IllegalArgumentException e) {
            throw new UsageFault("--delay: " + e.getMessage());
        }
    }

    /** What happens in each direction. */
    Impairment eachWay() {
        Delays delays = delays();
        Impairment impairment = Impairment.NONE
                .withLoss(or(loss, LOSSY_LOSS))
                .withDuplication(or(duplication, LOSSY_DUPLICATION))
                .withReordering(or(reordering, LOSSY_REORDERING))
                .withDelay(delays.shortest(), delays.longest());
        if (mtu != null) {
            return impairment.withMtu(mtu);
        }
        return lossy ? impairment.withMtu(LOSSY_MTU) : impairment;
    }

    private double or(Double given, double whenLossy) {
        return given != null ? given : lossy ? whenLossy : 0;
    }

    /** How often all devices get new addresses. */
    Optional<Duration> rebinding() {
        return Optional.ofNullable(rebind).or(() -> lossy ? Optional.of(LOSSY_REBINDING) : Optional.empty());
    }

    /** Whether anything happens to datagrams at all. */
    boolean any() {
        return !eachWay().equals(Impairment.NONE) || rebinding().isPresent();
    }

    @Override
    public String toString() {
        Impairment each = eachWay();
        return "loss " + each.loss() + ", duplication " + each.duplication() + ", reordering " + each.reordering()
                + ", delay " + Units.text(each.minDelay()) + " to " + Units.text(each.maxDelay())
                + (each.mtu() == Impairment.ANY_SIZE ? "" : ", MTU " + each.mtu() + " B")
                + rebinding()
                        .map(period -> ", new addresses every " + Units.text(period))
                        .orElse("");
    }
}
