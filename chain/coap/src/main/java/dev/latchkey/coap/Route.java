package dev.latchkey.coap;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One method of one resource; immutable. */
record Route(PathPattern pattern, Method method, Handler handler, LinkAttributes attributes, boolean observable) {
    private static final Logger LOG = LoggerFactory.getLogger(Route.class);

    Route {
        Objects.requireNonNull(handler);
        Objects.requireNonNull(attributes);
        if (observable && method != Method.GET) {
            throw new IllegalArgumentException("only GET can be observed here");
        }
    }

    /** What the handler answers; its failures become 5.00. The stage never fails. */
    CompletionStage<CoapResponse> answer(CoapRequest request) {
        CompletionStage<CoapResponse> answer;
        try {
            answer = handler.handle(request);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        if (answer == null) {
            answer = CompletableFuture.failedFuture(new NullPointerException("the handler returned null"));
        }
        return answer.handle((response, failure) -> {
            if (response == null || failure != null) {
                LOG.warn("a handler failed", failure);
                return Refusals.INTERNAL;
            }
            return response;
        });
    }
}
