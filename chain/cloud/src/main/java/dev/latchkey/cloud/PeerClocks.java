package dev.latchkey.cloud;

import dev.latchkey.cloud.raft.Judgement;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The clocks of a cluster's members as this one knows them. Thread-safe.
 *
 * <p>A clock is wrong if it is ahead of those of more than half of all members by more than is tolerated, or behind as
 * many: of three, if both others say so. Of two nobody can tell whose is wrong. What another's clock shows is told now
 * and then and counted on by the monotonic clock in between, so that a jump of the own clock is noticed before the next
 * entry.
 */
final class PeerClocks implements Judgement {
    /** What was told longer ago does not count: whoever said so may be gone, or may have been set. */
    private static final long FORGOTTEN_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** After a start the others are waited for, for so long; then whoever cannot know orders all the same. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String self;
    private final Clock clock;
    private final LongSupplier nanos;
    private final long toleranceMillis;
    private final long begun;
    private final ConcurrentMap<String, Told> told = new ConcurrentHashMap<>();
    private volatile int size = 1;

    private record Told(long wallMillis, long nanos) {}

    /**
     * Clocks of which nothing is known yet.
     *
     * @param self this node's name
     * @param nanos a monotonic clock, nanoseconds
     */
    PeerClocks(String self, Duration tolerance, Clock clock, LongSupplier nanos) {
        this.self = self;
        this.toleranceMillis = tolerance.toMillis();
        this.clock = clock;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /** Says who the other members are; others are forgotten. */
    void members(Collection<String> others) {
        told.keySet().retainAll(others);
        size = others.size() + 1;
    }

    /** Takes note of what a member's clock showed at a moment of the monotonic clock. */
    void tell(String member, long wallMillis, long atNanos) {
        told.put(member, new Told(wallMillis, atNanos));
    }

    /** By how much this node's clock is ahead of each member's that is known; below zero if it is behind. */
    Map<String, Duration> ahead() {
        Map<String, Duration> found = new LinkedHashMap<>();
        offsets().forEach((member, offset) -> {
            if (!member.equals(self)) {
                found.put(member, Duration.ofMillis(-offset));
            }
        });
        return found;
    }

    /** Milliseconds by which each clock that is known is ahead of this node's, which stands there with 0. */
    private Map<String, Long> offsets() {
        long now = nanos.getAsLong();
        long wall = clock.millis();
        Map<String, Long> offsets = new LinkedHashMap<>();
        told.forEach((member, what) -> {
            long since = now - what.nanos();
            if (since < FORGOTTEN_NANOS) {
                offsets.put(member, what.wallMillis() + TimeUnit.NANOSECONDS.toMillis(since) - wall);
            }
        });
        offsets.put(self, 0L);
        return offsets;
    }

    /** Whether this node's clock is wrong. */
    boolean isWrong() {
        return isWrong(self, offsets());
    }

    private boolean isWrong(String member, Map<String, Long> offsets) {
        Optional<Long> own = Optional.ofNullable(offsets.get(member));
        return own.isPresent()
                && (isMost(offsets.values().stream()
                                .filter(other -> own.get() - other > toleranceMillis)
                                .count())
                        || isMost(offsets.values().stream()
                                .filter(other -> other - own.get() > toleranceMillis)
                                .count()));
    }

    private boolean isMost(long count) {
        return 2 * count > size;
    }

    /** Whether it is known of this node's clock that it is wrong, or that it is not. */
    boolean isKnown() {
        Map<String, Long> offsets = offsets();
        long agree = offsets.values().stream()
                .filter(other -> Math.abs(other) <= toleranceMillis)
                .count();
        return isMost(agree) || isWrong(self, offsets);
    }

    @Override
    public boolean mayOrder() {
        Map<String, Long> offsets = offsets();
        if (isWrong(self, offsets)) {
            return false;
        }
        return nanos.getAsLong() - begun > GRACE_NANOS || isKnown();
    }

    @Override
    public boolean mayLead(String member) {
        return !isWrong(member, offsets());
    }
}
