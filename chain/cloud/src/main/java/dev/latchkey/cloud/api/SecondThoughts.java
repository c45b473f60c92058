package dev.latchkey.cloud.api;

import dev.latchkey.cloud.chain.ChainsMachine;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Endpoint;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A member of a cluster may be a moment behind the others, and for longer after a start, and would send away for good whom
 * it does not know yet. So before it does, it catches up with what was acknowledged anywhere, and judges again.
 * Thread-safe. However many are sent away, it asks the others once at a time.
 */
final class SecondThoughts {
    private final Leadership leadership;
    private final ChainsMachine chains;
    private final Executor workers;
    private volatile boolean caughtUp;
    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> next;

    SecondThoughts(Leadership leadership, ChainsMachine chains, Executor workers) {
        this.leadership = leadership;
        this.chains = chains;
        this.workers = workers;
    }

    /** The route, which sends nobody away by what is out of date, if what a chain says decides who may take it. */
    Route of(Route route) {
        boolean ofChain = route.path().contains("{c}") || route.template().equals("/v1/messages");
        if (leadership.isAlone() || !ofChain) {
            return route;
        }
        return new Route(
                route.method(),
                route.path(),
                route.maxBodyBytes(),
                (call, bytes) -> pass(route.gate(), call, bytes),
                call -> answer(route.endpoint(), call));
    }

    /** A gate does not wait: until the node has caught up once since its start, the client shall come again. */
    private void pass(Route.Gate gate, Call call, long bytes) {
        try {
            gate.pass(call, bytes);
        } catch (Refusal refusal) {
            if (isDoubtful(refusal) && !caughtUp) {
                current();
                throw Refusal.notReady("the node has not caught up since its start; try again later");
            }
            throw refusal;
        }
    }

    private CompletionStage<Answer> answer(Endpoint endpoint, Call call) {
        return attempt(endpoint, call)
                .handle((answer, fault) -> {
                    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
                    return cause instanceof Refusal refusal && isDoubtful(refusal)
                            ? current().thenCompose(done -> attempt(endpoint, call))
                            : fault == null
                                    ? CompletableFuture.completedFuture(answer)
                                    : CompletableFuture.<Answer>failedFuture(cause);
                })
                .thenCompose(found -> found);
    }

    private static CompletionStage<Answer> attempt(Endpoint endpoint, Call call) {
        try {
            return endpoint.answer(call);
        } catch (Refusal refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    private static boolean isDoubtful(Refusal refusal) {
        return refusal.status() == 403 || refusal.code().equals("unknown-chain");
    }

    /** Completes on workers when the node knows all that was acknowledged before this call. */
    private synchronized CompletionStage<Void> current() {
        if (next == null) {
            CompletableFuture<Void> mine = new CompletableFuture<>();
            next = mine;
            running.whenCompleteAsync((done, fault) -> begin(mine), workers);
        }
        return next.copy();
    }

    private synchronized void begin(CompletableFuture<Void> mine) {
        running = mine;
        next = null;
        leadership.chainsFresh().thenCompose(fresh -> verified()).whenComplete((done, fault) -> {
            if (fault == null) {
                caughtUp = true;
                mine.complete(null);
            } else {
                mine.completeExceptionally(fault);
            }
        });
    }

    /** Who calls is judged by verified states. One that is not verified any more stays as it is. */
    private CompletionStage<Void> verified() {
        return CompletableFuture.allOf(chains.chains().stream()
                .map(chain -> leadership
                        .signedFresh(chain)
                        .exceptionally(notSigned -> null)
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }
}
