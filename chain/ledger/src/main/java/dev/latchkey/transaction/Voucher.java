package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.Signer;
import java.time.Instant;
import java.util.List;

/**
 * An admin's leave to join: a COSE_Sign1 over {@code ["latchkey/1/voucher", chain id, id, role, name or prefix*, uses,
 * not-after, voucher public key]}. A join by voucher is also signed by the voucher's private key, so that who sees the
 * voucher pass by cannot use it.
 */
public final class Voucher {
    /** Length of a voucher id in bytes. */
    public static final int ID_BYTES = 8;

    /** Most uses of one voucher. */
    public static final long MAX_USES = 1_000_000;

    private static final String DOMAIN = "latchkey/1/voucher";
    private static final int MAX_BYTES = 512;

    private final Bytes encoded;
    private final CoseSign1 message;
    private final KeyId issuer;
    private final ChainId chain;
    private final Bytes id;
    private final String pattern;
    private final long uses;
    private final long notAfterMillis;
    private final CoseKey key;

    private Voucher(Bytes encoded, CoseSign1 message) throws MalformedTransactionException {
        this.encoded = encoded;
        this.message = message;
        try {
            this.issuer = message.kid();
            List<Item> parts = Cbor.decode(message.payload(), MAX_BYTES).asArray(8);
            requireForm(parts.get(0).asText(DOMAIN.length()).equals(DOMAIN));
            this.chain = new ChainId(Digest.of(parts.get(1).asBytes(Digest.SIZE)));
            this.id = parts.get(2).asBytes(ID_BYTES);
            requireForm(Role.of(parts.get(3).asUint()) == Role.MEMBER);
            this.pattern = parts.get(4).asText(Names.MAX + 1);
            requireForm(Names.isPattern(pattern));
            this.uses = parts.get(5).asUint();
            requireForm(uses >= 1 && uses <= MAX_USES);
            this.notAfterMillis = parts.get(6).asUint();
            this.key = Fields.key(parts.get(7));
        } catch (MalformedCborException | MalformedCoseException e) {
            throw new MalformedTransactionException("not a voucher", e);
        }
    }

    private static void requireForm(boolean good) throws MalformedTransactionException {
        if (!good) {
            throw new MalformedTransactionException("not a voucher");
        }
    }

    /**
     * Makes a voucher.
     *
     * @param id 8 random bytes; the chain counts uses by it
     * @param pattern a name, a prefix and a star, or a star
     * @param uses how many joins it endorses, 1 to {@link #MAX_USES}
     * @param notAfter latest time of a block that uses it
     * @param key public half of the key that travels with the voucher
     * @throws IllegalArgumentException if a value is out of range
     */
    public static Voucher issue(
            ChainId chain, Bytes id, String pattern, long uses, Instant notAfter, CoseKey key, Signer admin) {
        Bytes payload = Cbor.encode(Cbor.array(
                Cbor.text(DOMAIN),
                Cbor.bytes(chain.bytes()),
                Cbor.bytes(id),
                Cbor.uint(Role.MEMBER.number()),
                Cbor.text(pattern),
                Cbor.uint(uses),
                Cbor.uint(notAfter.toEpochMilli()),
                key.item()));
        CoseSign1 message = CoseSign1.sign(Headers.signedBy(admin.publicKey().kid()), payload, Bytes.EMPTY, admin);
        try {
            return new Voucher(message.encode(), message);
        } catch (MalformedTransactionException e) {
            throw new IllegalArgumentException("a voucher value is out of range", e);
        }
    }

    public static Voucher decode(Bytes encoded) throws MalformedTransactionException {
        try {
            return new Voucher(encoded, CoseSign1.decode(encoded, MAX_BYTES));
        } catch (MalformedCoseException e) {
            throw new MalformedTransactionException("not a voucher", e);
        }
    }

    public Bytes encode() {
        return encoded;
    }

    /** Whether the admin whose key this is issued the voucher. */
    public boolean issuedBy(CoseKey admin, EcVerifier verifier) {
        return message.verifiedBy(admin, Bytes.EMPTY, verifier);
    }

    /** What the issuer signed, for verifiers that check many signatures at once. */
    public Bytes toBeSigned() {
        return message.toBeSigned(Bytes.EMPTY);
    }

    /** The issuer's signature, 64 bytes. */
    public Bytes signature() {
        return message.signature();
    }

    /** The kid that the issuer claims; proves nothing by itself. */
    public KeyId issuer() {
        return issuer;
    }

    public ChainId chain() {
        return chain;
    }

    public Bytes id() {
        return id;
    }

    /** A name, a prefix and a star, or a star. */
    public String pattern() {
        return pattern;
    }

    public long uses() {
        return uses;
    }

    /** Latest header time of a block that uses the voucher, milliseconds since 1970. */
    public long notAfterMillis() {
        return notAfterMillis;
    }

    /** The key whose private half signs each join by this voucher. */
    public CoseKey key() {
        return key;
    }

    /** The directory's name for the number of uses; the grammar of names cannot produce it. */
    public String directoryName() {
        return "!v/" + id.toHex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Voucher && encoded.equals(((Voucher) other).encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    @Override
    public String toString() {
        return "voucher " + id.toHex() + " for " + pattern;
    }
}
