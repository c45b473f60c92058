package dev.latchkey.cloud.http;

import dev.latchkey.bytes.Bytes;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The pieces of a streamed answer. The next piece is asked for only when the one before has been taken by the
 * connection, so a slow reader holds one piece and no more.
 */
public interface Pieces extends AutoCloseable {
    /**
     * The next piece, or nothing at the end. Must not block: a piece that does not exist yet completes the stage later,
     * on a worker thread. Called again only after the stage of the call before has completed.
     */
    CompletionStage<Optional<Bytes>> next();

    /** Called once, when the stream ended by its end, by a fault, or because the client went away. */
    @Override
    void close();
}
