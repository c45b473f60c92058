package dev.latchkey.device;

import dev.latchkey.protocol.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Repeats what failed for a passing reason, with growing waits and within a time. Safe for use by many threads. Half of
 * each wait is random, so that devices that failed together do not come back together.
 */
final class Patience {
    /** Failed for a passing reason; come again, but not before the given time has passed. */
    static final class Passing extends Exception {
        static final String ASKED = "the gateway asks to come again";

        private static final long serialVersionUID = 1L;

        private final transient Duration notBefore;
        private final transient Optional<Problem> problem;

        Passing(String message, Duration notBefore, Throwable cause) {
            super(message, cause);
            this.notBefore = notBefore;
            this.problem = Optional.empty();
        }

        /** @param problem why, as the gateway says */
        Passing(Problem problem, Duration notBefore) {
            super(ASKED);
            this.notBefore = notBefore;
            this.problem = Optional.of(problem);
        }

        Duration notBefore() {
            return notBefore;
        }

        Optional<Problem> problem() {
            return problem;
        }

        DeviceException givenUp() {
            return problem.map(why -> DeviceException.notYet(getMessage(), why))
                    .orElseGet(() -> new DeviceException(DeviceException.Kind.UNREACHABLE, getMessage(), getCause()));
        }
    }

    private final DeviceSettings settings;
    private final DeviceThreads threads;
    private final Lane lane;
    private volatile boolean closed;

    Patience(DeviceSettings settings, DeviceThreads threads, Lane lane) {
        this.settings = settings;
        this.threads = threads;
        this.lane = lane;
    }

    /**
     * Attempts until one succeeds or fails for good, or the time is over: the first time on the caller's thread, then on
     * the lane.
     */
    <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> attempt) {
        return attempt(attempt, settings.clock().instant().plus(settings.giveUpAfter()), settings.firstWait());
    }

    private <T> CompletableFuture<T> attempt(
            Supplier<CompletableFuture<T>> attempt, Instant giveUpAt, Duration nextWait) {
        return Failures.begun(attempt)
                .handle((value, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(value);
                    }
                    Throwable cause = Failures.cause(failure);
                    if (!(cause instanceof Passing)) {
                        return CompletableFuture.<T>failedFuture(cause);
                    }
                    return later(attempt, giveUpAt, nextWait, (Passing) cause);
                })
                .thenCompose(outcome -> outcome);
    }

    private <T> CompletableFuture<T> later(
            Supplier<CompletableFuture<T>> attempt, Instant giveUpAt, Duration nextWait, Passing failure) {
        if (closed) {
            return CompletableFuture.failedFuture(closed());
        }
        Duration wait = wait(nextWait, Optional.ofNullable(failure.notBefore));
        if (settings.clock().instant().plus(wait).isAfter(giveUpAt)) {
            return CompletableFuture.failedFuture(failure.givenUp());
        }
        Duration doubled = nextWait.multipliedBy(2);
        Duration following = doubled.compareTo(settings.longestWait()) > 0 ? settings.longestWait() : doubled;
        return threads.after(wait)
                .thenComposeAsync(
                        woken -> closed
                                ? CompletableFuture.failedFuture(closed())
                                : attempt(attempt, giveUpAt, following),
                        lane);
    }

    /** How long to wait next: half of it and a random part of the other half, and what the other side asked for. */
    Duration wait(Duration upTo, Optional<Duration> notBefore) {
        long half = Math.max(1, upTo.toMillis() / 2);
        Duration jittered =
                Duration.ofMillis(half + Math.floorMod(settings.random().nextLong(), half));
        return notBefore.map(asked -> asked.plus(jittered)).orElse(jittered);
    }

    private static DeviceException closed() {
        return new DeviceException(DeviceException.Kind.CLOSED, "the device was closed");
    }

    /** Ends all waiting at its next turn. */
    void close() {
        closed = true;
    }
}
