package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.Signer;
import dev.latchkey.transaction.ChainId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A member's word that a gateway may read and acknowledge its mailbox and upload its messages: a COSE_Sign1 over {@code
 * ["latchkey/1/serve", chain id, member, gateway, not-after]}. Immutable; decoding proves nothing, {@link #signedBy} does.
 */
public final class ServeTicket {
    /** Longest encoded ticket in bytes. */
    public static final int MAX_BYTES = 256;

    /** Longest time a ticket may be good for. */
    public static final Duration MAX_LIFE = Duration.ofDays(7);

    private static final String DOMAIN = "latchkey/1/serve";

    private final CoseSign1 message;
    private final ChainId chain;
    private final String member;
    private final String gateway;
    private final Instant notAfter;

    private ServeTicket(CoseSign1 message) throws MalformedMessageException {
        this.message = message;
        try {
            message.kid();
            List<Item> parts = Cbor.decode(message.payload(), MAX_BYTES).asArray(5);
            if (!parts.get(0).asText(DOMAIN.length()).equals(DOMAIN)) {
                throw new MalformedMessageException("not a serve ticket");
            }
            this.chain = new ChainId(Digest.of(parts.get(1).asBytes(Digest.SIZE)));
            this.member = Wire.name(parts.get(2));
            this.gateway = Wire.name(parts.get(3));
            this.notAfter = Instant.ofEpochMilli(parts.get(4).asUint());
        } catch (MalformedCborException | MalformedCoseException e) {
            throw new MalformedMessageException("not a serve ticket", e);
        }
    }

    /** Makes a ticket, good until a moment at most {@link #MAX_LIFE} ahead. */
    public static ServeTicket issue(ChainId chain, String member, String gateway, Instant notAfter, Signer sig) {
        Bytes payload = Cbor.encode(Cbor.array(
                Cbor.text(DOMAIN),
                Cbor.bytes(chain.bytes()),
                Cbor.text(member),
                Cbor.text(gateway),
                Cbor.uint(notAfter.toEpochMilli())));
        try {
            return new ServeTicket(
                    CoseSign1.sign(Headers.signedBy(sig.publicKey().kid()), payload, Bytes.EMPTY, sig));
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException("a ticket value is out of range", e);
        }
    }

    public static ServeTicket decode(Bytes encoded) throws MalformedMessageException {
        try {
            return new ServeTicket(CoseSign1.decode(encoded, MAX_BYTES));
        } catch (MalformedCoseException e) {
            throw new MalformedMessageException("not a serve ticket", e);
        }
    }

    public Bytes encode() {
        return message.encode();
    }

    /** Whether the holder of that sig key, the member's current one, made the ticket. */
    public boolean signedBy(CoseKey memberSig, EcVerifier verifier) {
        return message.verifiedBy(memberSig, Bytes.EMPTY, verifier);
    }

    /** Whether the ticket is good at a moment: not over, and not for longer than allowed. */
    public boolean isGoodAt(Instant now) {
        return isGoodAt(notAfter, now);
    }

    /** The same of a ticket of which only its end is known. */
    public static boolean isGoodAt(Instant notAfter, Instant now) {
        return !now.isAfter(notAfter) && !notAfter.isAfter(now.plus(MAX_LIFE).plus(CLOCK_SKEW));
    }

    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    public ChainId chain() {
        return chain;
    }

    /** Name of the member that gives the ticket. */
    public String member() {
        return member;
    }

    /** Name of the gateway that it is for. */
    public String gateway() {
        return gateway;
    }

    public Instant notAfter() {
        return notAfter;
    }
}
