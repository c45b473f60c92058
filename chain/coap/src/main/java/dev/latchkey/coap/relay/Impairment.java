package dev.latchkey.coap.relay;

import java.time.Duration;

/**
 * What happens to datagrams in one direction; immutable.
 *
 * @param loss share that is lost, 0 to 1
 * @param duplication share of the rest that arrives twice, 0 to 1
 * @param minDelay shortest delay
 * @param maxDelay longest delay; each datagram draws its own, so different ones re-order them
 */
public record Impairment(double loss, double duplication, Duration minDelay, Duration maxDelay) {
    /** Nothing happens. */
    public static final Impairment NONE = new Impairment(0, 0, Duration.ZERO, Duration.ZERO);

    public Impairment {
        if (!(loss >= 0 && loss <= 1 && duplication >= 0 && duplication <= 1)) {
            throw new IllegalArgumentException("a share lies between 0 and 1");
        }
        if (minDelay.isNegative() || maxDelay.compareTo(minDelay) < 0) {
            throw new IllegalArgumentException("a delay is negative or the longest is below the shortest");
        }
    }

    /** The same with a share that is lost. */
    public Impairment withLoss(double share) {
        return new Impairment(share, duplication, minDelay, maxDelay);
    }

    /** The same with a share that arrives twice. */
    public Impairment withDuplication(double share) {
        return new Impairment(loss, share, minDelay, maxDelay);
    }

    /** The same with delays. */
    public Impairment withDelay(Duration shortest, Duration longest) {
        return new Impairment(loss, duplication, shortest, longest);
    }
}
