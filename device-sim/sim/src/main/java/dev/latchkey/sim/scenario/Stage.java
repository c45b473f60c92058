package dev.latchkey.sim.scenario;

import dev.latchkey.sim.fleet.Account;
import dev.latchkey.sim.fleet.Fleet;
import dev.latchkey.sim.measure.Meter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** What a script finds when sending has begun; for use by one thread. */
public final class Stage {
    private static final Executor A_LITTLE_LATER = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

    private final Campaign campaign;
    private final Fleet fleet;
    private final CompletableFuture<Void> sending;
    private final long beganNanos = System.nanoTime();

    Stage(Campaign campaign, Fleet fleet, CompletableFuture<Void> sending) {
        this.campaign = campaign;
        this.fleet = fleet;
        this.sending = sending;
    }

    Brief brief() {
        return campaign.brief();
    }

    Place place() {
        return campaign.place();
    }

    Fleet fleet() {
        return fleet;
    }

    Account account() {
        return campaign.account();
    }

    Meter meter() {
        return campaign.meter();
    }

    /** A line for people. */
    void say(String line) {
        campaign.say(line);
    }

    /** @throws IOException if the work failed, or the network ended before it was done */
    void await(CompletableFuture<Void> work) throws IOException, InterruptedException {
        campaign.await(work);
    }

    /** Waits until this part of the readings is sent, or of the time is over; 0 to 1. */
    void awaitPart(double part) throws IOException, InterruptedException {
        while (done() < part && !sending.isDone()) {
            await(CompletableFuture.runAsync(() -> {}, A_LITTLE_LATER));
        }
    }

    private double done() {
        Brief brief = brief();
        double sent = (double) account().sent() / brief.readings();
        return brief.duration()
                .map(Duration::toNanos)
                .map(nanos -> Math.max(sent, (double) (System.nanoTime() - beganNanos) / nanos))
                .orElse(sent);
    }
}
