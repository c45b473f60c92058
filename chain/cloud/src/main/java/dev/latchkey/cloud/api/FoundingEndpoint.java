package dev.latchkey.cloud.api;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.cloud.chain.ChainFounding;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.SignedTransaction;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Begins further chains. Thread-safe. Operators have no key that a chain knows, so every key may ask. */
final class FoundingEndpoint {
    /** A chain whose block 0 is not signed within this time is answered with 503; it has begun all the same. */
    private static final long MAX_CHECKPOINT_SECONDS = 20;

    private static final Map<ChainFounding.Fault, Refusal> REFUSALS = Map.of(
            ChainFounding.Fault.MALFORMED,
            Refusal.badRequest("the body is not a genesis transaction in deterministic CBOR"),
            ChainFounding.Fault.EXISTS,
            new Refusal(409, "chain-exists", "this node orders that chain already"),
            ChainFounding.Fault.NAME_TAKEN,
            new Refusal(409, "name-taken", "another chain of the network has this name"),
            ChainFounding.Fault.NOT_OPERATORS,
            new Refusal(403, "not-operators", "k operators of a chain of this node and this network must have signed"),
            ChainFounding.Fault.NOT_A_REPLICA,
            new Refusal(403, "not-a-replica", "the policy does not name this node's replica key and TLS key"),
            ChainFounding.Fault.BAD_TIME,
            new Refusal(400, "bad-time", "the genesis time is ahead of this node's clock"),
            ChainFounding.Fault.BAD_SIGNATURE,
            new Refusal(403, "bad-signature", "a signature that genesis asks for is missing or does not verify"),
            ChainFounding.Fault.TOO_MANY,
            new Refusal(403, "too-many-chains", "this node takes no further chain"),
            ChainFounding.Fault.BUSY,
            Refusal.overloaded());

    private final Access access;
    private final ChainFounding founding;
    private final Visitors visitors;
    private final Executor workers;

    FoundingEndpoint(Access access, ChainFounding founding, Visitors visitors, Executor workers) {
        this.access = access;
        this.founding = founding;
        this.visitors = visitors;
        this.workers = workers;
    }

    Route route() {
        return Route.of(
                "POST",
                "/v1/chains",
                SignedTransaction.MAX_BYTES,
                (call, bytes) -> access.requireKey(call),
                call -> visitors.admit(access.remote(call), () -> found(call)));
    }

    private CompletionStage<Answer> found(Call call) {
        try {
            return founding.found(call.body())
                    .thenComposeAsync(this::signed, workers)
                    .exceptionally(fault -> {
                        throw NoCheckpoint.cause(fault);
                    });
        } catch (ChainFounding.RefusedException e) {
            throw REFUSALS.get(e.fault());
        }
    }

    /** The answer, once the node has signed block 0: from then on the chain takes transactions. */
    private CompletionStage<Answer> signed(OrderedChain chain) {
        return chain.line()
                .reached(0)
                .copy()
                .orTimeout(MAX_CHECKPOINT_SECONDS, TimeUnit.SECONDS)
                .thenApplyAsync(published -> created(published.state()), workers);
    }

    private static Answer created(ChainState state) {
        return new Answer.Whole(
                201,
                MediaTypes.CBOR,
                Map.of("Location", "/v1/chains/" + state.chainId().toHex()),
                Cbor.encode(
                        Cbor.array(Cbor.bytes(state.chainId().bytes()), Cbor.text(state.chainName()), Cbor.uint(0))));
    }
}
