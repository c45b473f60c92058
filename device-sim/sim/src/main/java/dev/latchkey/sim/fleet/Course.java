package dev.latchkey.sim.fleet;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * What, when and for how long a fleet sends; safe for use by many threads.
 *
 * @param supply where observations come from
 * @param contacts who sends to whom
 * @param tempo when readings are due
 * @param atATime readings on their way at once, of the whole fleet
 * @param goesOn whether the reading of a number is to be sent, asked while it waits and when it is due
 */
public record Course(Supply supply, Contacts contacts, Tempo tempo, int atATime, IntPredicate goesOn) {
    /** Such a course, begun now. */
    Running begin(Account account, ScheduledExecutorService clock) {
        return new Running(this, account, new Gate(atATime), clock, System.nanoTime());
    }

    /** A course that has begun. */
    record Running(Course course, Account account, Gate gate, ScheduledExecutorService clock, long beganNanos) {
        /** Whoever waits for its time looks so often whether it still needs to. */
        private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

        /** Completes when a reading is due, or is not to be sent any more, and there is room for it. */
        CompletableFuture<Void> turn(int number) {
            CompletableFuture<Void> turn = new CompletableFuture<>();
            look(number, turn);
            return turn;
        }

        private void look(int number, CompletableFuture<Void> turn) {
            long wait = course.tempo().dueNanos(number) - (System.nanoTime() - beganNanos);
            if (wait <= 0 || !goesOn(number)) {
                gate.enter().thenRun(() -> turn.complete(null));
            } else {
                clock.schedule(() -> look(number, turn), Math.min(wait, LONGEST_LOOK_NANOS), TimeUnit.NANOSECONDS);
            }
        }

        void done() {
            gate.leave();
        }

        boolean goesOn(int number) {
            return course.goesOn().test(number);
        }

        /** The reading of a number, on the account: from here on its recipient has something to wait for. */
        Reading take(int number, String sender) {
            return course.contacts().withRecipient(sender, recipient -> {
                Reading reading =
                        Reading.of(number, sender, recipient, course.supply().take(number));
                account.sending(reading);
                return reading;
            });
        }
    }
}
