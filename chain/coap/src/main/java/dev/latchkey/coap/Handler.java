package dev.latchkey.coap;

import java.util.concurrent.CompletionStage;

/**
 * Answers requests. Called on the protocol's threads, by many at once, and never blocks there: whatever waits for a
 * disk or another machine completes the stage later. A stage that fails, a handler that throws and a null all become
 * 5.00 without detail.
 */
@FunctionalInterface
public interface Handler {
    CompletionStage<CoapResponse> handle(CoapRequest request);
}
