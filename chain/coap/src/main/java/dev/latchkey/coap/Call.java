package dev.latchkey.coap;

import dev.latchkey.coap.CoapsException.Reason;
import java.util.concurrent.CompletableFuture;
import org.eclipse.californium.core.coap.MessageObserver;
import org.eclipse.californium.core.coap.Response;

/** One request of a client on its way to one outcome: the first wins. Safe for use by many threads. */
final class Call implements MessageObserver {
    private final CompletableFuture<Response> outcome = new CompletableFuture<>();
    private volatile boolean acknowledged;

    CompletableFuture<Response> outcome() {
        return outcome;
    }

    void fail(Reason reason) {
        outcome.completeExceptionally(Failures.of(reason));
    }

    /** Whether it reached the server, so that it is not repeated any more. */
    boolean isAcknowledged() {
        return acknowledged;
    }

    @Override
    public void onAcknowledgement() {
        acknowledged = true;
    }

    @Override
    public void onResponse(Response response) {
        outcome.complete(response);
    }

    @Override
    public void onTimeout() {
        fail(Reason.TIMED_OUT);
    }

    @Override
    public void onReject() {
        fail(Reason.REJECTED);
    }

    /** Ours come after the outcome, so it is Californium that gives a block-wise transfer up for another. */
    @Override
    public void onCancel() {
        fail(Reason.ABANDONED);
    }

    @Override
    public void onSendError(Throwable error) {
        outcome.completeExceptionally(Failures.ofSending(error));
    }

    /** Californium's one case of it is a body beyond the client's limit or one that does not fit together. */
    @Override
    public void onResponseHandlingError(Throwable cause) {
        fail(Reason.TOO_LARGE);
    }
}
