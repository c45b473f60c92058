package dev.latchkey.coap.relay;

import java.time.Duration;

/**
 * What happens to datagrams in one direction; immutable.
 *
 * @param loss share that is lost, 0 to 1
 * @param duplication share of the rest that arrives twice, 0 to 1
 * @param reordering share of what arrives that comes {@link #OVERTAKEN} later, so that others overtake it, 0 to 1
 * @param minDelay shortest delay
 * @param maxDelay longest delay; each datagram draws its own, so different ones re-order them as well
 * @param mtu largest UDP payload that passes, in bytes; larger ones vanish without an ICMP message
 * @param bytesPerSecond of UDP payload of all clients together, one after the other as on one radio channel
 */
public record Impairment(
        double loss,
        double duplication,
        double reordering,
        Duration minDelay,
        Duration maxDelay,
        int mtu,
        long bytesPerSecond) {
    /** The largest UDP payload over IPv4: no limit. */
    public static final int ANY_SIZE = 65_507;

    /** No limit on bytes per second. */
    public static final long ANY_RATE = Long.MAX_VALUE;

    /** How much later a re-ordered datagram comes: several radio frames, and less than any retransmission. */
    public static final Duration OVERTAKEN = Duration.ofMillis(20);

    /** Nothing happens. */
    public static final Impairment NONE = new Impairment(0, 0, 0, Duration.ZERO, Duration.ZERO, ANY_SIZE, ANY_RATE);

    public Impairment {
        requireShare(loss);
        requireShare(duplication);
        requireShare(reordering);
        if (minDelay.isNegative() || maxDelay.compareTo(minDelay) < 0) {
            throw new IllegalArgumentException("a delay is negative or the longest is below the shortest");
        }
        if (mtu < 1 || bytesPerSecond < 1) {
            throw new IllegalArgumentException("a size or a rate that lets nothing pass");
        }
    }

    /** The same with a share that is lost. */
    public Impairment withLoss(double share) {
        return new Impairment(share, duplication, reordering, minDelay, maxDelay, mtu, bytesPerSecond);
    }

    /** The same with a share that arrives twice. */
    public Impairment withDuplication(double share) {
        return new Impairment(loss, share, reordering, minDelay, maxDelay, mtu, bytesPerSecond);
    }

    /** The same with a share that others overtake. */
    public Impairment withReordering(double share) {
        return new Impairment(loss, duplication, share, minDelay, maxDelay, mtu, bytesPerSecond);
    }

    /** The same with delays. */
    public Impairment withDelay(Duration shortest, Duration longest) {
        return new Impairment(loss, duplication, reordering, shortest, longest, mtu, bytesPerSecond);
    }

    /** The same with a largest UDP payload, in bytes: an IPv6 link of 1,280 bytes passes 1,232. */
    public Impairment withMtu(int bytes) {
        return new Impairment(loss, duplication, reordering, minDelay, maxDelay, bytes, bytesPerSecond);
    }

    /** The same with so many bytes of UDP payload a second. */
    public Impairment withBytesPerSecond(long bytes) {
        return new Impairment(loss, duplication, reordering, minDelay, maxDelay, mtu, bytes);
    }

    private static void requireShare(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share lies between 0 and 1");
        }
    }
}
