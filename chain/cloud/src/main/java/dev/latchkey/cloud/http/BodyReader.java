package dev.latchkey.cloud.http;

import dev.latchkey.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads a request's body up to a limit, without blocking. For the threads Jetty calls it on, one at a time. */
final class BodyReader implements Runnable {
    /**
     * Of a body that is too large so much is read and forgotten before the answer: clients that first send everything
     * would not see it otherwise.
     */
    private static final long MAX_DRAINED_BYTES = 4L << 20;

    private final Request request;
    private final int maxBytes;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CompletableFuture<Bytes> whole = new CompletableFuture<>();
    private long received;

    private BodyReader(Request request, int maxBytes) {
        this.request = request;
        this.maxBytes = maxBytes;
    }

    /**
     * The body, or a refusal: 413 for too many bytes, 408 after the time, 400 where the client ended before its body did.
     */
    static CompletableFuture<Bytes> read(Request request, int maxBytes, Duration time) {
        if (request.getHeaders().getLongField("Content-Length") > maxBytes + MAX_DRAINED_BYTES) {
            return CompletableFuture.failedFuture(Refusal.tooLarge());
        }
        BodyReader reader = new BodyReader(request, maxBytes);
        reader.run();
        return reader.whole.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS).exceptionally(BodyReader::refused);
    }

    private static Bytes refused(Throwable fault) {
        if (fault instanceof TimeoutException) {
            throw new Refusal(408, "too-slow", "the body did not arrive in time");
        }
        throw fault instanceof RuntimeException unchecked ? unchecked : new CompletionException(fault);
    }

    @Override
    public void run() {
        while (!whole.isDone()) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            take(chunk);
        }
    }

    private void take(Content.Chunk chunk) {
        if (Content.Chunk.isFailure(chunk)) {
            // whatever it was, it was on the client's side or on the way
            whole.completeExceptionally(Refusal.badRequest("the body ended early"));
            return;
        }
        boolean last = chunk.isLast();
        received += chunk.remaining();
        if (received <= maxBytes) {
            ByteBuffer bytes = chunk.getByteBuffer();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            body.writeBytes(copy);
        }
        chunk.release();
        if (received > maxBytes + MAX_DRAINED_BYTES || last && received > maxBytes) {
            whole.completeExceptionally(Refusal.tooLarge());
        } else if (last) {
            whole.complete(Bytes.wrap(body.toByteArray()));
        }
    }
}
