package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.chain.Cosigning;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What witnesses bring. Thread-safe. Who they are shows by their signatures and not by TLS, so a caller whom the chain
 * does not know is heard too, within a visitor's bounds.
 */
final class WitnessEndpoints {
    private static final Answer DONE = new Answer.Whole(204, MediaTypes.CBOR, Map.of(), Bytes.EMPTY);

    private final Access access;
    private final Cosigning cosigning;
    private final Visitors visitors;

    WitnessEndpoints(Access access, Cosigning cosigning, Visitors visitors) {
        this.access = access;
        this.cosigning = cosigning;
        this.visitors = visitors;
    }

    List<Route> routes() {
        return List.of(Route.of(
                "POST",
                "/v1/chains/{c}/cosignatures",
                SignedCheckpoint.MAX_BYTES,
                (call, bytes) -> access.requireKey(call),
                this::cosign));
    }

    private CompletionStage<Answer> cosign(Call call) {
        OrderedChain chain = access.chain(call);
        if (access.caller(chain, call).isVisitor()) {
            return visitors.admit(access.remote(call), () -> cosign(chain, call.body()));
        }
        return cosign(chain, call.body());
    }

    private CompletionStage<Answer> cosign(OrderedChain chain, Bytes body) {
        SignedCheckpoint offered;
        try {
            offered = SignedCheckpoint.decode(body);
        } catch (MalformedCheckpointException e) {
            throw Refusal.badRequest("the body is not a signed checkpoint in deterministic CBOR");
        }
        if (!offered.checkpoint().chain().equals(chain.id())) {
            throw Refusal.badRequest("the checkpoint is of another chain");
        }
        return switch (cosigning.take(chain, offered)) {
            case TAKEN -> CompletableFuture.completedFuture(DONE);
            case OTHER_HEIGHT -> throw new Refusal(409, "other-height", height(chain));
            case OTHER_HEAD -> throw new Refusal(422, "other-head", "this node signed another head of that height");
            case NOT_A_WITNESS -> throw new Refusal(403, "not-a-witness", "no signature is of a witness of the policy");
            case BAD_SIGNATURE -> throw new Refusal(422, "bad-signature", "a witness's signature does not verify");
            case NOT_SIGNING -> throw NoCheckpoint.of(chain);
            case BAD_TIME -> throw new Refusal(422, "bad-time", "a witness's signature is of a moment yet to come");
        };
    }

    /** The height at which the witness may try again, in decimal. */
    private static String height(OrderedChain chain) {
        return chain.line()
                .published()
                .map(head -> Long.toString(head.height()))
                .orElseThrow(() -> NoCheckpoint.of(chain));
    }
}
