package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.util.Objects;

/**
 * What a server that stopped knew of its connections: their keys, sequence numbers and observations; immutable. Only
 * {@link CoapsServer#stopAndSave} makes one, and only the next server on the same port may take it over, once: a second
 * one that went on with these sequence numbers would use a nonce of AES-CCM or AES-GCM twice, which gives away what was
 * said under it and lets others forge. So it is secret, and whoever keeps it destroys it before it is used.
 *
 * @param encoded in a form for the same version of this software alone
 */
public record SavedConnections(Bytes encoded) {
    public SavedConnections {
        Objects.requireNonNull(encoded);
    }

    @Override
    public String toString() {
        return "SavedConnections[" + encoded.size() + " bytes]";
    }
}
