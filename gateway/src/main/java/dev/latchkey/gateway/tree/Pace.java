package dev.latchkey.gateway.tree;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Handler;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * {@code ?pmin=}: least seconds between two notifications of one observer (draft-ietf-core-conditional-attributes,
 * section 3.1.1). Stateless.
 */
final class Pace {
    /** Once a minute: what a device needs to notice that its gateway is stuck, at 1 KiB of airtime. */
    static final long DEFAULT_SECONDS = 60;

    private static final long MAX_SECONDS = 86_400;

    private Pace() {}

    /** For the server; where the query is wrong the handler says so. */
    static Duration of(CoapRequest request) {
        return Duration.ofSeconds(seconds(request).orElse(DEFAULT_SECONDS));
    }

    /** Refuses a pace that is none with 4.00 malformed, and has the answer count as fresh until the next can come. */
    static Handler checked(Handler handler) {
        return request -> {
            OptionalLong seconds = seconds(request);
            return seconds.isEmpty()
                    ? answer(Problems.of("malformed"))
                    : lasting(handler.handle(request), seconds.getAsLong());
        };
    }

    private static CompletionStage<CoapResponse> lasting(CompletionStage<CoapResponse> answered, long seconds) {
        return answered.thenApply(response ->
                response.code().isSuccess() ? response.withMaxAge(Math.max(seconds, DEFAULT_SECONDS)) : response);
    }

    private static OptionalLong seconds(CoapRequest request) {
        OptionalLong seconds = Parameters.number(request, "pmin", DEFAULT_SECONDS);
        return seconds.isPresent() && seconds.getAsLong() >= 1 && seconds.getAsLong() <= MAX_SECONDS
                ? seconds
                : OptionalLong.empty();
    }
}
