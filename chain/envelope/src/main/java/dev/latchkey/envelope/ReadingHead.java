package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.senml.Pack;

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

    /** Up to the session tag: an array of three, no protected header, a map of two, key 4, four bytes. */
    private static final Bytes START = Bytes.of((byte) 0x83, (byte) 0x40, (byte) 0xa2, (byte) 0x04, (byte) 0x44);

    private static final int KID = 4;
    private static final int PARTIAL_IV = 6;
    private static final int BYTE_STRING = 0x40;
    private static final int ONE_LENGTH_BYTE = 0x58;
    private static final int TWO_LENGTH_BYTES = 0x59;
    private static final int SHORT_STRING = 24;
    private static final int LEAST_BYTES = START.size() + TAG_SIZE + 3;

    /**
     * Reads a reading, without a way through items: a gateway does this for each that it takes.
     *
     * @throws MalformedMessageException unless the bytes are the one encoding of a reading with exactly these headers
     */
    public static ReadingHead read(Bytes reading) throws MalformedMessageException {
        if (reading.size() > MAX_BYTES || reading.size() <= LEAST_BYTES || !reading.startsWith(START)) {
            throw new MalformedMessageException();
        }
        int at = START.size() + TAG_SIZE;
        int ivSize = reading.get(at + 1) - BYTE_STRING;
        int first = octet(reading, at + 2);
        boolean shortest = ivSize == 1 || ivSize == 2 && first != 0;
        if (reading.get(at) != PARTIAL_IV || !shortest) {
            throw new MalformedMessageException();
        }
        int partialIv = ivSize == 1 ? first : first << Byte.SIZE | octet(reading, at + 3);
        return new ReadingHead(
                reading.slice(START.size(), at), partialIv, ciphertext(reading, LEAST_BYTES - 1 + ivSize));
    }

    /** The last byte string, in the shortest form. */
    private static Bytes ciphertext(Bytes reading, int at) throws MalformedMessageException {
        int initial = octet(reading, at);
        int size = initial - BYTE_STRING;
        int from = at + 1;
        int least = 0;
        if (initial == ONE_LENGTH_BYTE) {
            size = octet(reading, from);
            from += 1;
            least = SHORT_STRING;
        } else if (initial == TWO_LENGTH_BYTES) {
            size = octet(reading, from) << Byte.SIZE | octet(reading, from + 1);
            from += 2;
            least = 1 << Byte.SIZE;
        } else if (size >= SHORT_STRING) {
            throw new MalformedMessageException();
        }
        if (size < least || size <= AesCcm.TAG_SIZE || reading.size() - from != size) {
            throw new MalformedMessageException();
        }
        return reading.slice(from, reading.size());
    }

    /** An unsigned byte, of which there may be none. */
    private static int octet(Bytes reading, int at) throws MalformedMessageException {
        if (at >= reading.size()) {
            throw new MalformedMessageException();
        }
        return Byte.toUnsignedInt(reading.get(at));
    }

    Bytes encode() {
        Bytes shortest =
                partialIv < 256 ? Bytes.of((byte) partialIv) : Bytes.of((byte) (partialIv >> 8), (byte) partialIv);
        return Cbor.encode(Cbor.array(
                Cbor.bytes(Bytes.EMPTY),
                Cbor.map(Cbor.uint(KID), Cbor.bytes(sessionTag), Cbor.uint(PARTIAL_IV), Cbor.bytes(shortest)),
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
