package dev.latchkey.cloud.api;

import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.chain.Published;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;

/** Which head an answer stands under. Stateless. */
final class Heads {
    private Heads() {}

    /** The head that the client's checkpoint is of, by the query parameter {@code h}, or the newest. */
    static Published held(OrderedChain chain, Call call) {
        if (!call.query().containsKey("h")) {
            return newest(chain);
        }
        return chain.line()
                .published(call.number("h", Long.MAX_VALUE))
                .orElseThrow(() -> Refusal.notFound("stale-height", "that head is no longer kept"));
    }

    /** The newest head that this node signed. */
    static Published newest(OrderedChain chain) {
        return chain.line().published().orElseThrow(() -> NoCheckpoint.of(chain));
    }
}
