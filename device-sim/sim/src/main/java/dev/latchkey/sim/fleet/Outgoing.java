package dev.latchkey.sim.fleet;

import dev.latchkey.sim.fleet.Handheld.Sent;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * What one handheld sends, one reading after the other; each is on the gateway's disk before the next goes. Safe for use
 * by many threads.
 */
final class Outgoing {
    private final Handheld handheld;
    private final PrimitiveIterator.OfInt numbers;
    private final Course.Running course;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    // Guarded by this.
    /** The number that waits for its turn; -1 when none does. */
    private int waiting = -1;

    private boolean stopping;
    private CompletableFuture<Void> pause = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> current = CompletableFuture.completedFuture(null);

    Outgoing(Handheld handheld, PrimitiveIterator.OfInt numbers, Course.Running course) {
        this.handheld = handheld;
        this.numbers = numbers;
        this.course = course;
    }

    /** Completes when nothing more is to be sent, or the gateway cannot be reached any more. */
    CompletableFuture<Void> begin() {
        next();
        return over;
    }

    /**
     * Ends with what is on its way now.
     *
     * @return the numbers that are left, when that has arrived or failed
     */
    CompletableFuture<PrimitiveIterator.OfInt> stop() {
        CompletableFuture<Void> onItsWay;
        synchronized (this) {
            stopping = true;
            onItsWay = current;
        }
        return onItsWay.thenApply(arrived -> {
            over.complete(null);
            return left();
        });
    }

    private synchronized PrimitiveIterator.OfInt left() {
        return waiting < 0
                ? numbers
                : IntStream.concat(IntStream.of(waiting), IntStream.generate(numbers::nextInt))
                        .iterator();
    }

    /** Completes when nothing is on its way; nothing follows until the given future completes. */
    synchronized CompletableFuture<Void> pauseUntil(CompletableFuture<Void> again) {
        pause = again;
        return current;
    }

    private void next() {
        int number;
        synchronized (this) {
            if (stopping) {
                return;
            }
            if (!numbers.hasNext()) {
                over.complete(null);
                return;
            }
            number = numbers.nextInt();
            waiting = number;
        }
        course.turn(number).whenComplete((room, never) -> proceed(number));
    }

    private enum Step {
        SEND,
        WAIT,
        END,
        STOP
    }

    /** There is room for the reading. */
    private void proceed(int number) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        CompletableFuture<Void> again;
        Step step;
        synchronized (this) {
            again = pause;
            step = step(number);
            if (step == Step.SEND) {
                waiting = -1;
                current = sent;
            }
        }
        if (step == Step.SEND) {
            send(number, sent);
            return;
        }
        // Whoever does not send leaves the room to others.
        course.done();
        if (step == Step.WAIT) {
            again.thenCompose(resumed -> course.turn(number)).thenRun(() -> proceed(number));
        } else if (step == Step.END) {
            over.complete(null);
        }
    }

    private Step step(int number) {
        if (stopping) {
            return Step.STOP;
        }
        if (!pause.isDone()) {
            return Step.WAIT;
        }
        return course.goesOn(number) ? Step.SEND : Step.END;
    }

    private void send(int number, CompletableFuture<Void> sent) {
        handheld.deliver(course.take(number, handheld.name())).whenComplete((how, never) -> {
            course.done();
            sent.complete(null);
            if (how == Sent.FAILED) {
                // What failed after so much patience fails again.
                over.complete(null);
            } else {
                next();
            }
        });
    }
}
