package dev.latchkey.coap;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One method of one resource; immutable.
 *
 * @param pace least time between two notifications of an observer, by what it asked; zero for none
 */
record Route(
        PathPattern pattern,
        Method method,
        Handler handler,
        LinkAttributes attributes,
        boolean observable,
        Function<CoapRequest, Duration> pace) {
    private static final Logger LOG = LoggerFactory.getLogger(Route.class);

    Route {
        Objects.requireNonNull(handler);
        Objects.requireNonNull(attributes);
        Objects.requireNonNull(pace);
        if (observable && method != Method.GET) {
            throw new IllegalArgumentException("only GET can be observed here");
        }
    }

    /** Without a pace. */
    Route(PathPattern pattern, Method method, Handler handler, LinkAttributes attributes, boolean observable) {
        this(pattern, method, handler, attributes, observable, request -> Duration.ZERO);
    }

    ServedRoute served() {
        return new ServedRoute(pattern.toString(), method, observable, attributes);
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
            return named(response);
        });
    }

    /** What may be asked for again has a name (ETag); a handler that gave it a Max-Age has decided that itself. */
    private CoapResponse named(CoapResponse response) {
        boolean asked = method == Method.GET || method == Method.FETCH;
        return asked
                        && response.code().equals(Code.CONTENT)
                        && response.etag().isEmpty()
                        && response.maxAgeSeconds().isEmpty()
                ? response.withEtag(EntityTag.of(response.contentFormat().orElse(-1), response.payload()))
                : response;
    }
}
