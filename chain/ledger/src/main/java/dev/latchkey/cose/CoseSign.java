package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.List;

/**
 * An untagged COSE_Sign (RFC 9052, section 4.1): {@code [h'', unprotected, payload, [+ [protected, {}, signature]]]}. Its
 * unprotected bucket is empty but where a format says otherwise. Decoding proves nothing; only {@link #verifiedBy} does.
 *
 * @param unprotected the map that no signature covers
 * @param payload the signed content
 * @param signatures at least one
 */
public record CoseSign(Item unprotected, Bytes payload, List<Signature> signatures) {
    private static final int SIGNATURE_BYTES = 64;

    /**
     * One signature over the payload.
     *
     * @param protectedHeader the encoded protected header set of this signer
     * @param value r ‖ s, 64 bytes
     */
    public record Signature(Bytes protectedHeader, Bytes value) {}

    public CoseSign {
        signatures = List.copyOf(signatures);
        if (signatures.isEmpty()) {
            throw new IllegalArgumentException("a COSE_Sign has a signature");
        }
    }

    /** A message with an empty unprotected bucket. */
    public CoseSign(Bytes payload, List<Signature> signatures) {
        this(Cbor.map(), payload, signatures);
    }

    /** Reads a message whose unprotected bucket is empty. */
    public static CoseSign decode(Bytes encoded, int maxBytes, int maxSignatures) throws MalformedCoseException {
        CoseSign message = decodeWithUnprotected(encoded, maxBytes, maxSignatures);
        if (!message.unprotected().equals(Cbor.map())) {
            throw new MalformedCoseException("a bucket that must be empty is not");
        }
        return message;
    }

    /**
     * Reads a message of at most {@code maxBytes} with at most {@code maxSignatures} signatures. Whoever calls this checks
     * the unprotected bucket.
     */
    public static CoseSign decodeWithUnprotected(Bytes encoded, int maxBytes, int maxSignatures)
            throws MalformedCoseException {
        try {
            List<Item> parts = Cbor.decode(encoded, maxBytes).asArray(4);
            if (parts.get(0).asBytes().size() != 0 || parts.get(1).kind() != Item.Kind.MAP) {
                throw new MalformedCoseException("a bucket that must be empty is not");
            }
            List<Signature> signatures = new ArrayList<>();
            for (Item item : parts.get(3).asArray(1, maxSignatures)) {
                signatures.add(signature(item));
            }
            return new CoseSign(parts.get(1), parts.get(2).asBytes(), signatures);
        } catch (MalformedCborException e) {
            throw new MalformedCoseException("not a COSE_Sign", e);
        }
    }

    private static Signature signature(Item item) throws MalformedCborException, MalformedCoseException {
        List<Item> parts = item.asArray(3);
        if (!parts.get(1).asMap().isEmpty()) {
            throw new MalformedCoseException("a bucket that must be empty is not");
        }
        return new Signature(parts.get(0).asBytes(), parts.get(2).asBytes(SIGNATURE_BYTES));
    }

    /** One signature for a message with this payload. */
    public static Signature sign(Bytes protectedHeader, Bytes payload, Bytes externalAad, Signer signer) {
        return new Signature(protectedHeader, signer.sign(toBeSigned(protectedHeader, payload, externalAad)));
    }

    public Bytes encode() {
        List<Item> items = new ArrayList<>();
        for (Signature signature : signatures) {
            items.add(Cbor.array(Cbor.bytes(signature.protectedHeader()), Cbor.map(), Cbor.bytes(signature.value())));
        }
        return Cbor.encode(Cbor.array(Cbor.bytes(Bytes.EMPTY), unprotected, Cbor.bytes(payload), Cbor.array(items)));
    }

    /** Whether the key's holder made that signature over this payload. */
    public boolean verifiedBy(Signature signature, CoseKey key, Bytes externalAad, EcVerifier verifier) {
        return verifier.verify(key, toBeSigned(signature.protectedHeader(), payload, externalAad), signature.value());
    }

    /** The Sig_structure of one signer (RFC 9052, section 4.4). */
    public static Bytes toBeSigned(Bytes protectedHeader, Bytes payload, Bytes externalAad) {
        return Cbor.encode(Cbor.array(
                Cbor.text("Signature"),
                Cbor.bytes(Bytes.EMPTY),
                Cbor.bytes(protectedHeader),
                Cbor.bytes(externalAad),
                Cbor.bytes(payload)));
    }
}
