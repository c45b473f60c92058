package dev.latchkey.cloud.http;

import java.util.concurrent.CompletionStage;

/** Answers calls. Runs on a worker thread and may read the store, but never waits for the log. */
@FunctionalInterface
public interface Endpoint {
    /** The answer, or a {@link Refusal} thrown or as the stage's fault. */
    CompletionStage<Answer> answer(Call call);
}
