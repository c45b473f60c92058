package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.Hkdf;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.MalformedKeyException;
import java.util.Map;
import java.util.Optional;

/**
 * ECDH-ES with HKDF-SHA-256 between a recipient's key and the ephemeral key in its layer (RFC 9053, section 6.3), with
 * the context that the layer's header parameters make (section 5.2). Stateless.
 */
final class KeyAgreement {
    private static final long EPHEMERAL_KEY = -1;
    private static final long SALT = -20;
    private static final long PARTY_U = -21;
    private static final long PARTY_V = -24;

    private static final Item KTY = Cbor.uint(1);
    private static final Item EC2 = Cbor.uint(2);
    private static final Item CRV = Cbor.integer(-1);
    private static final Item P256 = Cbor.uint(1);
    private static final Item X = Cbor.integer(-2);
    private static final Item Y = Cbor.integer(-3);
    private static final int COORDINATE_BYTES = 32;

    private KeyAgreement() {}

    /** Whether the ephemeral key says that it is on P-256; among several recipients others may be on other curves. */
    static boolean isOnP256(CoseHeaders recipient) throws MalformedCborException {
        Optional<Item> ephemeral = recipient.find(EPHEMERAL_KEY);
        return ephemeral.isPresent() && isOnP256(ephemeral.get().asMap());
    }

    private static boolean isOnP256(Map<Item, Item> key) {
        return EC2.equals(key.get(KTY)) && P256.equals(key.get(CRV));
    }

    /** The key for an algorithm, derived from what the two keys agree on. */
    static Bytes derive(KeyPair own, CoseHeaders recipient, long algorithm, int keyBytes)
            throws MalformedCborException, MalformedCoseException, MalformedKeyException {
        Item ephemeral =
                recipient.find(EPHEMERAL_KEY).orElseThrow(() -> new MalformedCoseException("no ephemeral key"));
        Bytes agreed = own.agree(ephemeralKey(ephemeral.asMap()));
        Optional<Item> salt = recipient.find(SALT);
        return Hkdf.sha256(
                agreed,
                salt.isPresent() ? salt.get().asBytes() : Bytes.EMPTY,
                Cbor.encode(context(recipient, algorithm, keyBytes)),
                keyBytes);
    }

    /** COSE_KDF_Context without secret or public other information: the examples and our messages carry none. */
    private static Item context(CoseHeaders recipient, long algorithm, int keyBytes) {
        return Cbor.array(
                Cbor.integer(algorithm),
                party(recipient, PARTY_U),
                party(recipient, PARTY_V),
                Cbor.array(Cbor.uint((long) keyBytes * Byte.SIZE), Cbor.bytes(recipient.protectedBytes())));
    }

    /** Identity, nonce and other stand under three labels in a row; an absent one is nil. */
    private static Item party(CoseHeaders recipient, long identityLabel) {
        return Cbor.array(
                recipient.find(identityLabel).orElse(Cbor.NULL),
                recipient.find(identityLabel - 1).orElse(Cbor.NULL),
                recipient.find(identityLabel - 2).orElse(Cbor.NULL));
    }

    /** A P-256 COSE_Key whose y is a coordinate or the sign of one (RFC 9053, section 7.1.1). */
    private static CoseKey ephemeralKey(Map<Item, Item> key)
            throws MalformedCborException, MalformedCoseException, MalformedKeyException {
        if (!isOnP256(key) || !key.containsKey(X) || !key.containsKey(Y)) {
            throw new MalformedCoseException("the ephemeral key is not on P-256");
        }
        Bytes x = key.get(X).asBytes(COORDINATE_BYTES);
        Item y = key.get(Y);
        if (y.kind() == Item.Kind.BOOL) {
            return CoseKey.fromSec1(Bytes.concat(Bytes.of((byte) (y.asBool() ? 3 : 2)), x));
        }
        return CoseKey.fromUncompressed(Bytes.concat(Bytes.of((byte) 4), x, y.asBytes(COORDINATE_BYTES)));
    }
}
