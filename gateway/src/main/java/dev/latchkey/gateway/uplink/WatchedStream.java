package dev.latchkey.gateway.uplink;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** An answer's body that is closed when nothing comes for too long, so that no reader waits for a dead connection. */
final class WatchedStream extends FilterInputStream {
    private final long silenceNanos;
    private final ScheduledFuture<?> watch;
    private volatile long lastNanos = System.nanoTime();

    WatchedStream(InputStream body, Duration silence, ScheduledExecutorService timer) {
        super(body);
        this.silenceNanos = silence.toNanos();
        long period = Math.max(1, silence.toMillis() / 4);
        this.watch = timer.scheduleWithFixedDelay(this::check, period, period, TimeUnit.MILLISECONDS);
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        lastNanos = System.nanoTime();
        return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        lastNanos = System.nanoTime();
        return read;
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        super.close();
    }

    private void check() {
        if (System.nanoTime() - lastNanos > silenceNanos) {
            watch.cancel(false);
            try {
                super.close();
            } catch (IOException e) {
                // The reader learns of it by its own failing read.
                lastNanos = System.nanoTime();
            }
        }
    }
}
