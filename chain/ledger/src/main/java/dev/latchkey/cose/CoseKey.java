package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.bouncycastle.math.ec.ECPoint;

/**
 * A public P-256 key in the ledger's one form, the compressed COSE_Key {@code {1: 2, -1: 1, -2: x, -3: sign}} of 42
 * bytes (RFC 9053, section 7.1.1). Immutable, safe for use by many threads; the point is on the curve, or there is no
 * CoseKey.
 */
public final class CoseKey {
    /** Length of the encoded key in bytes. */
    public static final int SIZE = 42;

    private static final Bytes HEAD = Bytes.fromHex("a40102200121" + "5820");
    private static final Bytes SIGN_EVEN = Bytes.fromHex("22f4");
    private static final Bytes SIGN_ODD = Bytes.fromHex("22f5");
    private static final Bytes THUMBPRINT_Y = Bytes.fromHex("225820");
    private static final Item KTY = Cbor.uint(1);
    private static final Item CRV = Cbor.integer(-1);
    private static final Item X = Cbor.integer(-2);
    private static final Item SIGN = Cbor.integer(-3);
    private static final Item EC2 = Cbor.uint(2);
    private static final Item CURVE = Cbor.uint(1);

    private static final int MAX_SEEN = 1 << 14;

    /** Keys that were decompressed lately, each where its hash leads; a newer one takes the place. Null if not kept. */
    private static volatile AtomicReferenceArray<CoseKey> seen;

    private final Bytes x;
    private final Bytes y;
    private final KeyId kid;
    /** The same as a point of BouncyCastle, made when first asked for. */
    private volatile ECPoint point;

    private CoseKey(Bytes x, Bytes y) {
        this.x = x;
        this.y = y;
        this.kid = new KeyId(Digest.sha256(HEAD, x, THUMBPRINT_Y, y).bytes().slice(0, KeyId.SIZE));
    }

    /** The key whose encoding these 42 bytes are. */
    public static CoseKey decode(Bytes encoded) throws MalformedKeyException {
        int signAt = HEAD.size() + P256.FIELD_BYTES;
        if (encoded.size() != SIZE || !encoded.startsWith(HEAD)) {
            throw new MalformedKeyException("not a compressed P-256 COSE_Key");
        }
        Bytes sign = encoded.slice(signAt, SIZE);
        if (!sign.equals(SIGN_EVEN) && !sign.equals(SIGN_ODD)) {
            throw new MalformedKeyException("not a compressed P-256 COSE_Key");
        }
        return decompress(encoded.slice(HEAD.size(), signAt), sign.equals(SIGN_ODD));
    }

    /** The key in an item that was decoded as part of something larger. */
    public static CoseKey fromItem(Item item) throws MalformedKeyException, MalformedCborException {
        Map<Item, Item> map = item.asMap();
        if (map.size() != 4
                || !EC2.equals(map.get(KTY))
                || !CURVE.equals(map.get(CRV))
                || !map.containsKey(X)
                || !map.containsKey(SIGN)) {
            throw new MalformedKeyException("not a compressed P-256 COSE_Key");
        }
        return decompress(map.get(X).asBytes(P256.FIELD_BYTES), map.get(SIGN).asBool());
    }

    /** The key of an uncompressed point, 04 ‖ x ‖ y, 65 bytes (SEC 1, section 2.3.3). */
    public static CoseKey fromUncompressed(Bytes sec1) throws MalformedKeyException {
        if (sec1.size() != 1 + 2 * P256.FIELD_BYTES || sec1.get(0) != 0x04) {
            throw new MalformedKeyException("not an uncompressed P-256 point");
        }
        return fromSec1(sec1);
    }

    /**
     * The key of a point in compressed or uncompressed form (SEC 1, section 2.3.4). No bytes, the point at infinity and
     * the hybrid form are refused.
     */
    public static CoseKey fromSec1(Bytes sec1) throws MalformedKeyException {
        if (sec1.size() == 1 + P256.FIELD_BYTES && (sec1.get(0) == 0x02 || sec1.get(0) == 0x03)) {
            return decompress(sec1.slice(1, sec1.size()), sec1.get(0) == 0x03);
        }
        if (sec1.size() != 1 + 2 * P256.FIELD_BYTES || sec1.get(0) != 0x04) {
            throw new MalformedKeyException("not a point of P-256");
        }
        ECPoint decoded;
        try {
            decoded = P256.DOMAIN.getCurve().decodePoint(sec1.toArray());
        } catch (IllegalArgumentException e) {
            throw new MalformedKeyException("not a point of P-256");
        }
        if (decoded.isInfinity() || !decoded.isValid()) {
            throw new MalformedKeyException("not a point of P-256");
        }
        return ofPoint(decoded);
    }

    /** The key of a point that is on the curve. */
    static CoseKey ofPoint(ECPoint point) {
        ECPoint normalized = point.normalize();
        CoseKey key = new CoseKey(
                Bytes.wrap(normalized.getAffineXCoord().getEncoded()),
                Bytes.wrap(normalized.getAffineYCoord().getEncoded()));
        key.point = normalized;
        return key;
    }

    /**
     * From now on keys that were decompressed lately are kept in this process, some 4 MB of them. For a process that
     * decodes the same keys again and again: to decompress them is most of decoding a transaction.
     */
    public static void keepDecoded() {
        if (seen == null) {
            seen = new AtomicReferenceArray<>(MAX_SEEN);
        }
    }

    private static CoseKey decompress(Bytes x, boolean odd) throws MalformedKeyException {
        AtomicReferenceArray<CoseKey> kept = seen;
        if (kept == null) {
            return decompressAnew(x, odd);
        }
        int slot = x.hashCode() & MAX_SEEN - 1;
        CoseKey key = kept.get(slot);
        if (key == null || !key.x.equals(x) || key.odd() != odd) {
            key = decompressAnew(x, odd);
            kept.set(slot, key);
        }
        return key;
    }

    private static CoseKey decompressAnew(Bytes x, boolean odd) throws MalformedKeyException {
        Bytes y = Decompression.y(x, odd).orElseThrow(() -> new MalformedKeyException("not a point of P-256"));
        return new CoseKey(x, y);
    }

    /** The 42 bytes of the compressed COSE_Key. */
    public Bytes encode() {
        return Bytes.concat(HEAD, x, odd() ? SIGN_ODD : SIGN_EVEN);
    }

    /** The key as an item, for use inside a larger structure. */
    public Item item() {
        return Cbor.map(KTY, EC2, CRV, CURVE, X, Cbor.bytes(x), SIGN, Cbor.bool(odd()));
    }

    /** First 8 bytes of the key's thumbprint, which RFC 9679 takes over the uncompressed key. */
    public KeyId kid() {
        return kid;
    }

    /** The x-coordinate, 32 bytes. */
    public Bytes x() {
        return x;
    }

    /** Whether the y-coordinate is odd: the sign bit of the compressed form. */
    public boolean odd() {
        return (y.get(P256.FIELD_BYTES - 1) & 1) == 1;
    }

    /** 04 ‖ x ‖ y, 65 bytes. */
    public Bytes uncompressed() {
        return Bytes.concat(Bytes.of((byte) 0x04), x, y);
    }

    ECPoint point() {
        ECPoint known = point;
        if (known == null) {
            known = P256.DOMAIN.getCurve().createPoint(P256.integer(x), P256.integer(y));
            point = known;
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CoseKey && x.equals(((CoseKey) other).x) && y.equals(((CoseKey) other).y);
    }

    @Override
    public int hashCode() {
        return kid.hashCode();
    }

    /** The kid; a public key is no secret, but 42 bytes are no reading matter. */
    @Override
    public String toString() {
        return "key " + kid;
    }
}
