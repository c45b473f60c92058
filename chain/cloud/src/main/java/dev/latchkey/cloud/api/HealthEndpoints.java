package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.console.Metrics;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** How the node is. Thread-safe. Health and readiness are open to everybody, figures are not. */
final class HealthEndpoints {
    private static final String TEXT = "text/plain;charset=utf-8";
    private static final String DATE = "Date";

    /** RFC 9110, section 5.6.7. */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Access access;
    private final Supplier<Optional<String>> unready;
    private final Metrics metrics;
    private final Clock clock;

    HealthEndpoints(Access access, Supplier<Optional<String>> unready, Metrics metrics, Clock clock) {
        this.clock = clock;
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

    /** Ready or not, with this node's clock, by which the other members of a cluster judge theirs. */
    private CompletionStage<Answer> readiness(Call call) {
        Optional<String> reason = unready.get();
        Map<String, String> clocked = Map.of(DATE, HTTP_DATE.format(clock.instant()));
        if (reason.isPresent()) {
            throw Refusal.notReady(reason.get()).with(clocked);
        }
        return CompletableFuture.completedFuture(new Answer.Whole(200, TEXT, clocked, Bytes.utf8("ready\n")));
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
