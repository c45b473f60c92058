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
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.Signer;
import dev.latchkey.transaction.ChainId;
import java.time.Instant;
import java.util.List;

/**
 * A gateway's word that it checked a join while the cloud was away and keeps it until the chain has said yes or no: a
 * COSE_Sign1 over {@code ["latchkey/1/provisional", chain id, transaction id, name, time]}. It proves nothing about the
 * chain. Immutable; decoding proves nothing at all, {@link #signedBy} tells whose word it is.
 */
public final class ProvisionalReceipt {
    /** Longest encoded receipt in bytes. */
    public static final int MAX_BYTES = 256;

    private static final String DOMAIN = "latchkey/1/provisional";

    private final CoseSign1 message;
    private final KeyId signer;
    private final ChainId chain;
    private final Digest transactionId;
    private final String name;
    private final Instant time;

    private ProvisionalReceipt(CoseSign1 message) throws MalformedMessageException {
        this.message = message;
        try {
            this.signer = message.kid();
            List<Item> parts = Cbor.decode(message.payload(), MAX_BYTES).asArray(5);
            if (!parts.get(0).asText(DOMAIN.length()).equals(DOMAIN)) {
                throw new MalformedMessageException("not a provisional receipt");
            }
            this.chain = new ChainId(Digest.of(parts.get(1).asBytes(Digest.SIZE)));
            this.transactionId = Digest.of(parts.get(2).asBytes(Digest.SIZE));
            this.name = Wire.name(parts.get(3));
            this.time = Instant.ofEpochMilli(parts.get(4).asUint());
        } catch (MalformedCborException | MalformedCoseException e) {
            throw new MalformedMessageException("not a provisional receipt", e);
        }
    }

    /** Makes a receipt for a join, by the gateway's sig key. */
    public static ProvisionalReceipt issue(
            ChainId chain, Digest transactionId, String name, Instant time, Signer gateway) {
        Bytes payload = Cbor.encode(Cbor.array(
                Cbor.text(DOMAIN),
                Cbor.bytes(chain.bytes()),
                Cbor.bytes(transactionId.bytes()),
                Cbor.text(name),
                Cbor.uint(time.toEpochMilli())));
        try {
            return new ProvisionalReceipt(
                    CoseSign1.sign(Headers.signedBy(gateway.publicKey().kid()), payload, Bytes.EMPTY, gateway));
        } catch (MalformedMessageException e) {
            throw new IllegalArgumentException("a receipt value is out of range", e);
        }
    }

    public static ProvisionalReceipt decode(Bytes encoded) throws MalformedMessageException {
        try {
            return new ProvisionalReceipt(CoseSign1.decode(encoded, MAX_BYTES));
        } catch (MalformedCoseException e) {
            throw new MalformedMessageException("not a provisional receipt", e);
        }
    }

    public Bytes encode() {
        return message.encode();
    }

    /** Whether the gateway with that sig key gave it. */
    public boolean signedBy(CoseKey gatewaySig, EcVerifier verifier) {
        return message.verifiedBy(gatewaySig, Bytes.EMPTY, verifier);
    }

    /** The kid that the signer claims. */
    public KeyId signer() {
        return signer;
    }

    public ChainId chain() {
        return chain;
    }

    /** The id of the join. */
    public Digest transactionId() {
        return transactionId;
    }

    /** The name that the join takes. */
    public String name() {
        return name;
    }

    /** When the gateway took the join, by its clock. */
    public Instant time() {
        return time;
    }
}
