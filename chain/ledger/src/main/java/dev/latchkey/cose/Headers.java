package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.Map;

/**
 * The protected header sets that Latchkey signs (RFC 9052, section 3.1): algorithm ESP256 and a kid, and where the
 * format says so one parameter more. A set with anything else in it is refused.
 */
public final class Headers {
    /** ESP256 (RFC 9864): ECDSA on P-256 with SHA-256. */
    public static final int ESP256 = -9;

    private static final int MAX_BYTES = 256;
    private static final Item ALG = Cbor.uint(1);
    private static final Item KID = Cbor.uint(4);

    private Headers() {}

    /** {@code {1: -9, 4: kid}}. */
    public static Bytes signedBy(KeyId kid) {
        return Cbor.encode(Cbor.map(ALG, Cbor.integer(ESP256), KID, Cbor.bytes(kid.value())));
    }

    /** {@code {1: -9, 4: kid, label: value}}. */
    public static Bytes signedBy(KeyId kid, long label, Item value) {
        return Cbor.encode(
                Cbor.map(ALG, Cbor.integer(ESP256), KID, Cbor.bytes(kid.value()), Cbor.integer(label), value));
    }

    /** The kid of a set that is exactly {@code {1: -9, 4: kid}}. */
    public static KeyId kid(Bytes protectedHeader) throws MalformedCoseException {
        return kid(parameters(protectedHeader, 2));
    }

    /** The value of the third parameter of a set that is exactly {@code {1: -9, 4: kid, label: value}}. */
    public static Item parameter(Bytes protectedHeader, long label) throws MalformedCoseException {
        Item value = parameters(protectedHeader, 3).get(Cbor.integer(label));
        if (value == null) {
            throw new MalformedCoseException("a header parameter is missing");
        }
        return value;
    }

    /** The kid of a set that has a third parameter beside algorithm and kid. */
    public static KeyId kidBesideParameter(Bytes protectedHeader) throws MalformedCoseException {
        return kid(parameters(protectedHeader, 3));
    }

    private static KeyId kid(Map<Item, Item> parameters) throws MalformedCoseException {
        try {
            return new KeyId(parameters.get(KID).asBytes(KeyId.SIZE));
        } catch (MalformedCborException e) {
            throw new MalformedCoseException("the kid is not 8 bytes", e);
        }
    }

    private static Map<Item, Item> parameters(Bytes protectedHeader, int count) throws MalformedCoseException {
        try {
            Map<Item, Item> parameters = Cbor.decode(protectedHeader, MAX_BYTES).asMap();
            if (parameters.size() != count
                    || !Cbor.integer(ESP256).equals(parameters.get(ALG))
                    || !parameters.containsKey(KID)) {
                throw new MalformedCoseException("the protected header is not the expected set");
            }
            return parameters;
        } catch (MalformedCborException e) {
            throw new MalformedCoseException("the protected header is not deterministic CBOR", e);
        }
    }
}
