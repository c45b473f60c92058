package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.util.Objects;

/** How a client shows who it is. */
public sealed interface ClientIdentity {
    /** By a raw public key (RFC 7250): the DTLS key of a member. The private half is never printed. */
    record RawKey(KeyPair key) implements ClientIdentity {
        public RawKey {
            Objects.requireNonNull(key);
        }

        @Override
        public String toString() {
            return "RawKey";
        }
    }

    /** By a pre-shared key: a device with a voucher and no membership yet. The secret is never printed. */
    record Psk(String identity, Bytes secret) implements ClientIdentity {
        public Psk {
            Objects.requireNonNull(identity);
            Objects.requireNonNull(secret);
        }

        @Override
        public String toString() {
            return "Psk[identity=" + identity + "]";
        }
    }
}
