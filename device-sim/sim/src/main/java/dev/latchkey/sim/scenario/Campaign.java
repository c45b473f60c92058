package dev.latchkey.sim.scenario;

import dev.latchkey.console.ProgressBar;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Units;
import dev.latchkey.sim.fleet.Account;
import dev.latchkey.sim.fleet.Contacts;
import dev.latchkey.sim.fleet.Course;
import dev.latchkey.sim.fleet.Explained;
import dev.latchkey.sim.fleet.Fleet;
import dev.latchkey.sim.measure.Meter;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A fleet at one gateway, from joining to the last reading: what demo and sim do alike. For use by one thread; the steps
 * are taken in the order of the methods.
 */
public final class Campaign {
    /** Nothing opened for so long, and what is missing will not come. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final Screen screen;
    private final Undo undo;
    private final Brief brief;
    private final Place place;
    private final Meter meter;
    private final boolean bars;
    private final Account account;
    private final Fleet fleet;
    private volatile boolean scriptOver;
    private volatile long beganNanos;

    /**
     * @param bars whether to show a progress bar for each step; otherwise somebody else shows what the meter knows
     */
    public Campaign(Screen screen, Undo undo, Brief brief, Place place, Meter meter, boolean bars) {
        this.screen = screen;
        this.undo = undo;
        this.brief = brief;
        this.place = place;
        this.meter = meter;
        this.bars = bars;
        this.account = new Account(brief.owed(), meter, System::nanoTime);
        this.fleet = undo.add(new Fleet(place.directory(), account, meter, brief.settings()));
    }

    Brief brief() {
        return brief;
    }

    Place place() {
        return place;
    }

    Meter meter() {
        return meter;
    }

    public Account account() {
        return account;
    }

    void say(String line) {
        screen.line("  " + line);
    }

    /** @throws IOException if the fleet could not join */
    public void join() throws IOException, InterruptedException {
        screen.phase("join: each makes its keys and joins through the gateway by the operator's voucher");
        meter.phase("join", "joined", brief.devices());
        try (Steps steps = steps("joined", brief.devices())) {
            await(fleet.join(brief.plan().members(), place::handOver, brief.joinsAtATime(), steps::step));
        }
    }

    /** @throws IOException if the fleet could not prove its recipients' keys */
    public void prove() throws IOException, InterruptedException {
        screen.phase("prove: each connects by its own raw public key and checks the proof of its recipient's key");
        meter.phase("prove", "proved", brief.devices());
        try (Steps steps = steps("proved", brief.devices())) {
            await(fleet.settled()
                    .thenCompose(
                            settled -> fleet.prove(brief.plan().recipients()::get, brief.joinsAtATime(), steps::step)));
        }
    }

    /** Sends, lets the script happen, and waits for what is to be opened. What that costs the account tells. */
    public void send() throws InterruptedException {
        screen.phase("send: " + extent() + " " + brief.title() + ", sealed end to end; recipients open and compare");
        meter.phase("send", Meter.OPENED, brief.owed());
        try (Steps steps = steps("opened", brief.owed())) {
            account.whenOpened(steps::step);
            beganNanos = System.nanoTime();
            // Where nothing happens nobody sends more than is asked for.
            scriptOver = brief.script() == Script.NOTHING;
            CompletableFuture<Void> sending = fleet.send(
                    brief.plan(),
                    new Course(
                            brief.supply(),
                            new Contacts(brief.plan().recipients()),
                            brief.tempo(),
                            brief.readingsAtATime(),
                            this::goesOn));
            play(new Stage(this, fleet, sending));
            await(sending);
            awaitOpened();
        } catch (IOException e) {
            cutShort(e);
        }
    }

    private void play(Stage stage) throws InterruptedException {
        try {
            brief.script().run(stage);
        } catch (IOException e) {
            cutShort(e);
        } finally {
            scriptOver = true;
        }
    }

    /** The account tells which readings it cost. */
    private void cutShort(IOException cause) {
        account.broken(cause.getMessage());
        screen.line("  " + cause.getMessage());
    }

    private String extent() {
        String count = brief.readings() == Integer.MAX_VALUE ? "" : Units.count(brief.readings());
        String time = brief.duration().map(limit -> "for " + Units.text(limit)).orElse("");
        return (count + " " + time).strip();
    }

    private boolean goesOn(int number) {
        boolean inTime = brief.duration()
                .map(limit -> System.nanoTime() - beganNanos < limit.toNanos())
                .orElse(true);
        return !scriptOver || (number < brief.readings() && inTime);
    }

    /** Waits as long as readings keep coming. */
    private void awaitOpened() throws IOException, InterruptedException {
        int before = -1;
        CompletableFuture<Void> all = account.sendingOver();
        while (account.opened() > before && !all.isDone()) {
            before = account.opened();
            await(all.copy().completeOnTimeout(null, LONGEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    void await(CompletableFuture<Void> work) throws IOException, InterruptedException {
        try {
            CompletableFuture.anyOf(work, place.broken().get()).get();
            undo.orEnd();
        } catch (ExecutionException e) {
            undo.orEnd();
            throw new IOException(Explained.text(e), e);
        }
    }

    /** Ends with its last state when the process is told to end, so that nothing is drawn over what is said then. */
    private Steps steps(String label, long total) {
        return new Steps(bars ? Optional.of(undo.add(screen.progress(label, total))) : Optional.empty());
    }

    private record Steps(Optional<ProgressBar> bar) implements AutoCloseable {
        void step() {
            bar.ifPresent(ProgressBar::step);
        }

        @Override
        public void close() {
            bar.ifPresent(ProgressBar::close);
        }
    }
}
