package dev.latchkey.sim.measure;

import dev.latchkey.console.Screen;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows a run while it lasts: on a terminal a block of lines, redrawn four times a second below whatever else the screen
 * shows; elsewhere a line every five seconds. Takes the block away when it is closed; a process that ends without that
 * leaves its last state, and the cursor below it. Safe for use by several threads.
 */
public final class LiveView implements AutoCloseable {
    private static final long REDRAW_MILLIS = 250;
    private static final long LINE_MILLIS = 5_000;

    private final Screen screen;
    private final Meter meter;
    private final ScheduledExecutorService pace;

    // Guarded by this.
    private String shown = "";
    private boolean closed;

    private LiveView(Screen screen, Meter meter, ScheduledExecutorService pace) {
        this.screen = screen;
        this.meter = meter;
        this.pace = pace;
    }

    /** Begins to show, from the next interval on. */
    public static LiveView of(Screen screen, Meter meter) {
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "latchkey-live-view");
            thread.setDaemon(true);
            return thread;
        });
        LiveView view = new LiveView(screen, meter, pace);
        long millis = screen.terminal() ? REDRAW_MILLIS : LINE_MILLIS;
        pace.scheduleWithFixedDelay(view::show, millis, millis, TimeUnit.MILLISECONDS);
        return view;
    }

    /** Shows the present state now. */
    synchronized void show() {
        if (closed) {
            return;
        }
        Timeline timeline = meter.timeline();
        Recent recent = meter.recent();
        if (screen.terminal()) {
            screen.block(LiveLines.block(timeline, recent));
            return;
        }
        String line = LiveLines.line(timeline, recent);
        // While nothing happens there is nothing to say.
        if (!line.isEmpty() && !line.equals(shown)) {
            screen.line(line);
            shown = line;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        pace.shutdownNow();
        screen.block(List.of());
    }
}
