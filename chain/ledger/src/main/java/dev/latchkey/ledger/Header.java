package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/**
 * A block's header, Table II of the paper: {@code [version, previous, merkle-root, time, difficulty, nonce]}. The block's
 * hash is SHA-256 of its bytes.
 *
 * @param version 1
 * @param previous hash of the block before, 32 zero bytes in block 0
 * @param merkleRoot RFC 9162 root over the block's transactions
 * @param timeMillis milliseconds since 1970; may repeat, never falls
 * @param difficulty leading zero bits of the block's hash
 * @param nonce 8 bytes
 */
public record Header(int version, Digest previous, Digest merkleRoot, long timeMillis, int difficulty, Bytes nonce) {
    /** The only version. */
    public static final int VERSION = 1;

    /** Length of the nonce in bytes. */
    public static final int NONCE_BYTES = 8;

    /** Longest encoded header in bytes. */
    public static final int MAX_BYTES = 128;

    public Header {
        if (version < 0 || timeMillis < 0 || difficulty < 0 || nonce.size() != NONCE_BYTES) {
            throw new IllegalArgumentException("a header field is out of range");
        }
    }

    public Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(version),
                Cbor.bytes(previous.bytes()),
                Cbor.bytes(merkleRoot.bytes()),
                Cbor.uint(timeMillis),
                Cbor.uint(difficulty),
                Cbor.bytes(nonce)));
    }

    public static Header decode(Bytes encoded) throws MalformedBlockException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(6);
            return new Header(
                    parts.get(0).asUint(Integer.MAX_VALUE),
                    Digest.of(parts.get(1).asBytes(Digest.SIZE)),
                    Digest.of(parts.get(2).asBytes(Digest.SIZE)),
                    parts.get(3).asUint(),
                    parts.get(4).asUint(Integer.MAX_VALUE),
                    parts.get(5).asBytes(NONCE_BYTES));
        } catch (MalformedCborException e) {
            throw new MalformedBlockException("not a header", e);
        }
    }

    /** Leading zero bits of a block hash. */
    public static int leadingZeroBits(Digest hash) {
        int bits = 0;
        for (int i = 0; i < Digest.SIZE; i++) {
            int value = hash.bytes().get(i) & 0xff;
            if (value != 0) {
                return bits + Integer.numberOfLeadingZeros(value) - 24;
            }
            bits += Byte.SIZE;
        }
        return bits;
    }
}
