package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;

/** ETags that follow from what they name (RFC 7252, section 5.10.6); stateless. */
public final class EntityTag {
    private static final int BYTES = 8;

    private EntityTag() {}

    /** Eight bytes of the body's SHA-256. */
    public static Bytes of(Bytes body) {
        return Digest.sha256(body).bytes().slice(0, BYTES);
    }

    /** The same of a body in one of the formats that a resource speaks. */
    static Bytes of(int contentFormat, Bytes body) {
        return of(Bytes.concat(Bytes.utf8(contentFormat + ":"), body));
    }
}
