package dev.latchkey.cloud.export;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A body whose reader does not wait for ever: when nothing comes for a time, reading fails. The JDK's client bounds only
 * how long the headers of an answer take. For one reading thread.
 */
public final class PromptBody extends FilterInputStream {
    private final long patienceNanos;
    private volatile long waitingSince;
    private volatile boolean waiting;
    private volatile boolean late;
    private volatile boolean ended;

    private PromptBody(InputStream body, Duration patience) {
        super(body);
        this.patienceNanos = patience.toNanos();
    }

    /** Watches a body until it is closed or has ended. */
    public static InputStream of(InputStream body, Duration patience) {
        PromptBody prompt = new PromptBody(body, patience);
        prompt.watch();
        return prompt;
    }

    private void watch() {
        CompletableFuture.delayedExecutor(patienceNanos, TimeUnit.NANOSECONDS).execute(() -> {
            if (ended) {
                return;
            }
            if (waiting && System.nanoTime() - waitingSince >= patienceNanos) {
                giveUp();
            } else {
                watch();
            }
        });
    }

    private void giveUp() {
        late = true;
        try {
            in.close(); // wakes the reader
        } catch (IOException e) {
            // it is of no use any more
            return;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        waitingSince = System.nanoTime();
        waiting = true;
        int count;
        try {
            count = super.read(bytes, from, length);
        } catch (IOException e) {
            throw late ? stopped() : e;
        } finally {
            waiting = false;
        }
        if (late) {
            throw stopped();
        }
        ended |= count < 0;
        return count;
    }

    private static IOException stopped() {
        return new IOException("the node stopped in the middle of its answer");
    }

    @Override
    public void close() throws IOException {
        ended = true;
        super.close();
    }
}
