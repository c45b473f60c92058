package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * An untagged COSE_Sign1 (RFC 9052, section 4.2) with an empty unprotected bucket: {@code [protected, {}, payload,
 * signature]}. Decoding proves nothing; only {@link #verifiedBy} does.
 *
 * @param protectedHeader the encoded protected header set
 * @param payload the signed content
 * @param signature r ‖ s, 64 bytes
 */
public record CoseSign1(Bytes protectedHeader, Bytes payload, Bytes signature) {
    private static final int SIGNATURE_BYTES = 64;

    /** Signs a payload. */
    public static CoseSign1 sign(Bytes protectedHeader, Bytes payload, Bytes externalAad, Signer signer) {
        Bytes signature = signer.sign(structure(protectedHeader, externalAad, payload));
        return new CoseSign1(protectedHeader, payload, signature);
    }

    /** Reads a message of at most {@code maxBytes}. */
    public static CoseSign1 decode(Bytes encoded, int maxBytes) throws MalformedCoseException {
        try {
            return fromItem(Cbor.decode(encoded, maxBytes));
        } catch (MalformedCborException e) {
            throw new MalformedCoseException("not a COSE_Sign1", e);
        }
    }

    private static CoseSign1 fromItem(Item item) throws MalformedCborException, MalformedCoseException {
        List<Item> parts = item.asArray(4);
        if (!parts.get(1).asMap().isEmpty()) {
            throw new MalformedCoseException("the unprotected bucket is not empty");
        }
        return new CoseSign1(
                parts.get(0).asBytes(), parts.get(2).asBytes(), parts.get(3).asBytes(SIGNATURE_BYTES));
    }

    public Bytes encode() {
        return Cbor.encode(
                Cbor.array(Cbor.bytes(protectedHeader), Cbor.map(), Cbor.bytes(payload), Cbor.bytes(signature)));
    }

    /** The kid of a message whose protected header is exactly algorithm and kid. */
    public KeyId kid() throws MalformedCoseException {
        return Headers.kid(protectedHeader);
    }

    /** The Sig_structure (RFC 9052, section 4.4): what is signed. */
    public Bytes toBeSigned(Bytes externalAad) {
        return structure(protectedHeader, externalAad, payload);
    }

    /** Whether the key's holder signed exactly this. */
    public boolean verifiedBy(CoseKey key, Bytes externalAad, EcVerifier verifier) {
        return verifier.verify(key, toBeSigned(externalAad), signature);
    }

    private static Bytes structure(Bytes protectedHeader, Bytes externalAad, Bytes payload) {
        return Cbor.encode(Cbor.array(
                Cbor.text("Signature1"), Cbor.bytes(protectedHeader), Cbor.bytes(externalAad), Cbor.bytes(payload)));
    }
}
