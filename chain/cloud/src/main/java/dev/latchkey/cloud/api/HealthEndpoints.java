package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.console.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** How the node is. Thread-safe. Health and readiness are open to everybody, figures are not. */
final class HealthEndpoints {
    private static final String TEXT = "text/plain;charset=utf-8";

    private final Access access;
    private final Supplier<Optional<String>> unready;
    private final Metrics metrics;

    HealthEndpoints(Access access, Supplier<Optional<String>> unready, Metrics metrics) {
        this.access = access;
        this.unready = unready;
        this.metrics = metrics;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/healthz", call -> text("alive\n")),
                Route.of("GET", "/readyz", this::readiness),
                Route.of("GET", "/metrics", this::metrics));
    }

    private CompletionStage<Answer> readiness(Call call) {
        Optional<String> reason = unready.get();
        if (reason.isPresent()) {
            throw Refusal.notReady(reason.get());
        }
        return text("ready\n");
    }

    private CompletionStage<Answer> metrics(Call call) {
        if (!access.mayWatch(call)) {
            throw Refusal.forbidden("figures are for this machine, admins and auditors");
        }
        return CompletableFuture.completedFuture(new Answer.Whole(
                200, Metrics.CONTENT_TYPE, Map.of("Cache-Control", "no-store"), Bytes.utf8(metrics.text())));
    }

    private static CompletionStage<Answer> text(String text) {
        return CompletableFuture.completedFuture(Answer.ok(TEXT, Bytes.utf8(text)));
    }
}
