package dev.latchkey.gateway.tree;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.protocol.ContentFormat;
import java.util.Optional;
import java.util.OptionalLong;

/** /c: that the chain of today continues the chain of then. Stateless. */
final class ConsistencyResource {
    private ConsistencyResource() {}

    /**
     * GET /c?a=&b=: the path from the history of height a to that of height b, by default the newest head's. A height
     * above the newest head is stale-height: this gateway has handed out nothing to check it against.
     */
    static CoapResponse consistency(CoapRequest request, Replica replica) {
        Optional<Head> newest = replica.heads().newest();
        if (newest.isEmpty()) {
            return Problems.of("not-ready");
        }
        OptionalLong older = Parameters.number(request, "a", -1);
        OptionalLong newer = Parameters.number(request, "b", newest.get().height());
        if (older.isEmpty() || newer.isEmpty() || older.getAsLong() < 0) {
            return Problems.of("malformed");
        }
        if (Math.max(older.getAsLong(), newer.getAsLong()) > newest.get().height()) {
            return Problems.of("stale-height");
        }
        if (older.getAsLong() > newer.getAsLong()) {
            return Problems.of("malformed");
        }
        boolean fixed = request.parameter("b").isPresent();
        return Cacheable.of(
                ContentFormat.CBOR,
                ConsistencyProof.answer(replica.history(), older.getAsLong(), newer.getAsLong()),
                fixed ? Cacheable.PROOF_SECONDS : Cacheable.CURRENT_SECONDS);
    }
}
