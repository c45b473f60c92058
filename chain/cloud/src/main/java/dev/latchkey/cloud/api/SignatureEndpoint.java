package dev.latchkey.cloud.api;

import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.chain.Cosigned;
import dev.latchkey.cloud.chain.Cosigning;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Signs what other members of the cluster signed, and takes their signatures. Thread-safe. */
final class SignatureEndpoint {
    /** How long a member waits for a block that another one has verified before it. */
    private static final long PATIENCE_SECONDS = 3;

    private final Access access;
    private final Cosigning cosigning;
    private final Executor workers;

    SignatureEndpoint(Access access, Cosigning cosigning, Executor workers) {
        this.access = access;
        this.cosigning = cosigning;
        this.workers = workers;
    }

    Route route() {
        return Route.of(
                "POST",
                "/v1/chains/{c}/signatures",
                SignedCheckpoint.MAX_BYTES,
                (call, bytes) -> admit(call),
                this::sign);
    }

    private void admit(Call call) {
        if (!access.isPeer(call)) {
            throw Refusal.forbidden("replicas' signatures are exchanged by who holds a member's TLS key");
        }
    }

    private CompletionStage<Answer> sign(Call call) {
        OrderedChain chain = access.chain(call);
        SignedCheckpoint shown;
        try {
            shown = SignedCheckpoint.decode(call.body());
        } catch (MalformedCheckpointException e) {
            throw Refusal.badRequest("the body is not a signed checkpoint in deterministic CBOR");
        }
        if (!shown.checkpoint().chain().equals(chain.id())) {
            throw Refusal.badRequest("the checkpoint is of another chain");
        }
        return chain.line()
                .cosign(shown)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .handleAsync(
                        (cosigned, fault) -> {
                            if (fault != null) {
                                throw new CompletionException(NoCheckpoint.cause(fault));
                            }
                            return answer(chain, shown, cosigned);
                        },
                        workers);
    }

    private Answer answer(OrderedChain chain, SignedCheckpoint shown, Cosigned cosigned) {
        cosigning.take(chain, shown); // whatever witnesses signed of it; nothing, if that head is not complete
        return switch (cosigned.verdict()) {
            case TAKEN ->
                Answer.ok(MediaTypes.CBOR, cosigned.signed().orElseThrow().encode());
            case OTHER_HEAD -> throw new Refusal(422, "other-head", "this node signed another head of that height");
            case OTHER_HEIGHT ->
                throw new Refusal(
                        409,
                        "other-height",
                        Long.toString(chain.line().verified().height()));
            default -> refuse(chain, cosigned.verdict());
        };
    }

    private static Answer refuse(OrderedChain chain, Cosigning.Verdict verdict) {
        if (verdict == Cosigning.Verdict.NOT_SIGNING) {
            throw NoCheckpoint.of(chain);
        }
        throw new Refusal(422, "bad-signature", "a replica's signature does not verify");
    }
}
