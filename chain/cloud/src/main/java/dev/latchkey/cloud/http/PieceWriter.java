package dev.latchkey.cloud.http;

import dev.latchkey.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes the pieces of a streamed answer, each after the one before has left. Thread-safe by turns: one piece is on its
 * way at any time.
 */
final class PieceWriter implements Callback {
    private final Response response;
    private final Pieces pieces;
    private final Callback done;
    private final Executor workers;
    private final Supplier<SlowClients.Write> watch;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile SlowClients.Write underWay;

    PieceWriter(Response response, Pieces pieces, Callback done, Executor workers, Supplier<SlowClients.Write> watch) {
        this.response = response;
        this.pieces = pieces;
        this.done = done;
        this.workers = workers;
        this.watch = watch;
    }

    /** Sends the headers at once, so that a follower of a quiet chain knows that it is connected. */
    void start() {
        underWay = watch.get();
        response.write(false, null, this);
    }

    @Override
    public void succeeded() {
        underWay.over();
        try {
            workers.execute(this::ask);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    @Override
    public void failed(Throwable cause) {
        underWay.over();
        if (ended.compareAndSet(false, true)) {
            pieces.close();
            done.failed(cause);
        }
    }

    /** The client went away while no piece was on its way. */
    void cancelled(Throwable cause) {
        failed(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private void ask() {
        if (ended.get()) {
            return;
        }
        try {
            pieces.next().whenComplete(this::got);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void got(Optional<Bytes> piece, Throwable fault) {
        if (fault != null) {
            failed(fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault);
        } else if (piece.isPresent()) {
            underWay = watch.get();
            response.write(false, ByteBuffer.wrap(piece.get().toArray()), this);
        } else if (ended.compareAndSet(false, true)) {
            pieces.close();
            response.write(true, null, done);
        }
    }
}
