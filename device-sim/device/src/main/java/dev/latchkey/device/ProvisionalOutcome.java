package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.protocol.ContentFormat;

/**
 * What a gateway says became of a join.
 *
 * @param isFinal whether the body is a receipt of the chain; else it is the gateway's provisional one
 * @param receipt unproved so far
 */
record ProvisionalOutcome(boolean isFinal, Bytes receipt) {
    /** The code with which a gateway says that the chain refused a provisional join; the detail is the chain's code. */
    static final String REFUSED = "provisional-refused";

    static ProvisionalOutcome of(CoapResponse response) {
        return new ProvisionalOutcome(
                response.contentFormat().orElse(ContentFormat.CBOR) != ContentFormat.COSE_SIGN1, response.payload());
    }
}
