package dev.latchkey.console;

import java.time.Duration;

/**
 * How far a piece of work has come, with its rate and an estimate of what is left, or without an estimate when the total
 * is not known. Safe for use by several threads; a step costs a lock and, ten times a second, a line.
 */
public final class ProgressBar implements AutoCloseable {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 1_000_000_000L;
    /** The time over which the rate is smoothed, in seconds: long enough to be read, short enough to follow. */
    private static final double SMOOTHING_SECONDS = 5;

    /** What took less tells nothing about how fast it goes on. */
    private static final double SHORTEST_FOR_A_RATE = 0.1;

    private static final int BAR = 24;

    private final Screen screen;
    private final String label;
    private final long total;
    private final long began;

    // Guarded by this.
    private long done;
    private long shownAt;
    private long shownDone;
    private double rate;
    private boolean closed;

    ProgressBar(Screen screen, String label, long total) {
        if (total < 0) {
            throw new IllegalArgumentException("a total cannot be negative");
        }
        this.screen = screen;
        this.label = label;
        this.total = total;
        this.began = screen.nanoTime();
        this.shownAt = began;
    }

    /** One more is done. */
    public void step() {
        step(1);
    }

    /** So many more are done; 0 only brings the line up to date. */
    public synchronized void step(long more) {
        done += more;
        long now = screen.nanoTime();
        long pause = screen.terminal() ? REDRAW_NANOS : LINE_NANOS;
        if (closed || now - shownAt < pause) {
            return;
        }
        double seconds = (now - shownAt) / 1e9;
        double recent = (done - shownDone) / seconds;
        double weight = shownDone == 0 ? 1 : 1 - Math.exp(-seconds / SMOOTHING_SECONDS);
        rate += weight * (recent - rate);
        shownAt = now;
        shownDone = done;
        if (screen.terminal()) {
            screen.draw(current());
        } else {
            screen.finish(current());
        }
    }

    public synchronized long done() {
        return done;
    }

    /** Shows the final state, with the rate over the whole time. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        double seconds = Math.max(1e-9, (screen.nanoTime() - began) / 1e9);
        String took = Units.text(Duration.ofNanos((long) (seconds * 1e9)));
        String rate = seconds < SHORTEST_FOR_A_RATE ? "" : "  " + Units.rate(done / seconds);
        screen.finish("  " + label + "  " + counted() + rate + "  in " + took);
    }

    private String current() {
        StringBuilder line = new StringBuilder("  ").append(label).append("  ");
        if (total > 0) {
            double part = Math.min(1, (double) done / total);
            if (screen.terminal()) {
                line.append(drawn(part)).append("  ");
            }
            line.append((int) (part * 100)).append("%  ");
        }
        line.append(counted()).append("  ").append(Units.rate(rate));
        if (total > done && rate > 0) {
            line.append("  ").append(left((total - done) / rate)).append(" left");
        }
        return line.substring(0, Math.min(line.length(), screen.columns() - 1));
    }

    /** A bar of 26 characters. @param part how much of it is full, 0 to 1 */
    public static String drawn(double part) {
        int full = (int) (Math.max(0, Math.min(1, part)) * BAR);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
    }

    private String counted() {
        return total > 0 ? Units.count(done) + "/" + Units.count(total) : Units.count(done);
    }

    /** Whole seconds: an estimate is not exact. */
    private static String left(double seconds) {
        return Units.text(Duration.ofSeconds((long) Math.ceil(Math.min(seconds, 1e9))));
    }
}
