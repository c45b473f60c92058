package dev.latchkey.sim.fleet;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * What, when and for how long a fleet sends; safe for use by many threads.
 *
 * @param supply where observations come from
 * @param contacts who sends to whom
 * @param tempo when readings are due
 * @param atATime readings on their way at once, of the whole fleet
 * @param goesOn whether the reading of a number is to be sent, asked when it is due
 */
public record Course(Supply supply, Contacts contacts, Tempo tempo, int atATime, IntPredicate goesOn) {
    /** Such a course, begun now. */
    Running begin() {
        return new Running(this, new Gate(atATime), System.nanoTime(), new CompletableFuture<>());
    }

    /** A course that has begun. */
    record Running(Course course, Gate gate, long beganNanos, CompletableFuture<Void> ended) {
        /** Completes when a reading is due, or the course has ended, and there is room for it. */
        CompletableFuture<Void> turn(int number) {
            long wait = course.tempo().dueNanos(number) - (System.nanoTime() - beganNanos);
            if (wait <= 0) {
                return gate.enter();
            }
            Executor later = CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS);
            return CompletableFuture.anyOf(CompletableFuture.runAsync(() -> {}, later), ended)
                    .thenCompose(due -> gate.enter());
        }

        /** What waits to be due waits no longer. */
        void end() {
            ended.complete(null);
        }

        void done() {
            gate.leave();
        }

        boolean goesOn(int number) {
            return course.goesOn().test(number);
        }

        Reading reading(int number, String sender) {
            return Reading.of(
                    number,
                    sender,
                    course.contacts().of(sender),
                    course.supply().take(number));
        }
    }
}
