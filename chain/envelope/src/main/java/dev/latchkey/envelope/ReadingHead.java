package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.senml.Pack;
import java.util.List;
import java.util.Map;

/**
 * What anybody can read in a reading without a key. Immutable.
 *
 * <pre>
 * reading = [ h'', {4: first 4 bytes of the session id, 6: Partial IV}, ciphertext ]          ; COSE_Encrypt0, untagged
 * </pre>
 *
 * @param sessionTag 4 bytes
 * @param partialIv 0 to 65,535, in its shortest form on the wire
 * @param ciphertext the sealed pack and its 8-byte tag
 */
public record ReadingHead(Bytes sessionTag, int partialIv, Bytes ciphertext) {
    /** Longest reading in bytes: a whole pack and what COSE adds. */
    public static final int MAX_BYTES = Pack.MAX_BYTES + 64;

    /** Readings in one session. */
    public static final int MAX_READINGS = 65_536;

    static final int TAG_SIZE = 4;

    private static final int MAX_PARTIAL_IV_BYTES = 2;
    private static final Item KID = Cbor.uint(4);
    private static final Item PARTIAL_IV = Cbor.uint(6);

    /**
     * Reads a reading.
     *
     * @throws MalformedMessageException unless the bytes are the one encoding of a reading with exactly these headers
     */
    public static ReadingHead read(Bytes reading) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(reading, MAX_BYTES).asArray(3);
            Map<Item, Item> unprotected = parts.get(1).asMap();
            Bytes ciphertext = parts.get(2).asBytes();
            boolean exact = parts.get(0).asBytes().isEmpty()
                    && unprotected.size() == 2
                    && unprotected.containsKey(KID)
                    && unprotected.containsKey(PARTIAL_IV)
                    && ciphertext.size() > AesCcm.TAG_SIZE;
            if (!exact) {
                throw new MalformedMessageException();
            }
            return new ReadingHead(
                    unprotected.get(KID).asBytes(TAG_SIZE),
                    partialIv(unprotected.get(PARTIAL_IV).asBytes(1, MAX_PARTIAL_IV_BYTES)),
                    ciphertext);
        } catch (MalformedCborException e) {
            throw new MalformedMessageException(e);
        }
    }

    private static int partialIv(Bytes shortest) throws MalformedMessageException {
        int first = Byte.toUnsignedInt(shortest.get(0));
        if (shortest.size() == 1) {
            return first;
        }
        if (first == 0) {
            throw new MalformedMessageException();
        }
        return first << 8 | Byte.toUnsignedInt(shortest.get(1));
    }

    Bytes encode() {
        Bytes shortest =
                partialIv < 256 ? Bytes.of((byte) partialIv) : Bytes.of((byte) (partialIv >> 8), (byte) partialIv);
        return Cbor.encode(Cbor.array(
                Cbor.bytes(Bytes.EMPTY),
                Cbor.map(KID, Cbor.bytes(sessionTag), PARTIAL_IV, Cbor.bytes(shortest)),
                Cbor.bytes(ciphertext)));
    }

    static Bytes tag(Digest sessionId) {
        return sessionId.bytes().slice(0, TAG_SIZE);
    }

    /** The bytes that every reading of a session authenticates beside its pack (RFC 9052, section 5.3). */
    static byte[] encStructure(Digest sessionId) {
        Bytes externalAad =
                Cbor.encode(Cbor.array(Cbor.uint(Derivation.AES_CCM_16_64_128), Cbor.bytes(sessionId.bytes())));
        return Cbor.encode(Cbor.array(Cbor.text("Encrypt0"), Cbor.bytes(Bytes.EMPTY), Cbor.bytes(externalAad)))
                .toArray();
    }
}
