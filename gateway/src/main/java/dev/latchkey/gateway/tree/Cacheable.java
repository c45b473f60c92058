package dev.latchkey.gateway.tree;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.EntityTag;
import dev.latchkey.protocol.ContentFormat;

/** How long answers may be cached, and by what name a caller asks whether its copy still stands. */
final class Cacheable {
    /** In seconds, a proof under a given height: it never changes, and heads are kept for an hour. */
    static final long PROOF_SECONDS = 3_600;

    /** In seconds, what may change with the next block. */
    static final long CURRENT_SECONDS = 1;

    /** In seconds, a checkpoint: it is as good as the next one until then, and notifications come at most as often. */
    static final long CHECKPOINT_SECONDS = 60;

    private Cacheable() {}

    /** 2.05 with Max-Age and an ETag that follows from the body. */
    static CoapResponse of(int contentFormat, Bytes payload, long seconds) {
        return CoapResponse.content(contentFormat, payload).withMaxAge(seconds).withEtag(EntityTag.of(payload));
    }

    /** A proof: under a height that the caller names it never changes, under the newest one it does. */
    static CoapResponse proof(CoapRequest request, Bytes payload) {
        boolean fixed = request.parameter("h").isPresent();
        return of(ContentFormat.CBOR, payload, fixed ? PROOF_SECONDS : CURRENT_SECONDS);
    }
}
