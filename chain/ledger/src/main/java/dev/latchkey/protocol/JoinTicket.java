package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.Voucher;
import java.util.Base64;
import java.util.List;

/**
 * What an operator hands to a device whose keys an admin endorsed in a batch, one small file: {@code
 * ["latchkey/1/batch-ticket", network, chain name, chain id, gateway name, gateway host, gateway port, gateway dtls key,
 * bstr join body, bstr batch ticket, pre-shared key]}. Its text form is {@code latchkey1-ticket.} and base64url. Only who
 * holds the private keys of the join can use it; the pre-shared key protects the transport of that one join.
 *
 * @param network the network's name
 * @param chainName the sub-network's name
 * @param chain the chain id, from which everything else can be proved
 * @param gatewayName name of the gateway to begin with
 * @param gatewayHost its host name or address
 * @param gatewayPort its coaps port
 * @param gatewayDtls its dtls key
 * @param join what the device signs: no voucher
 * @param batch the encoded endorsement with the join's place under it, at most {@link #MAX_BATCH_BYTES}
 * @param presharedKey 32 bytes, for the first connection; of {@link #enrolmentId}
 */
public record JoinTicket(
        String network,
        String chainName,
        ChainId chain,
        String gatewayName,
        String gatewayHost,
        int gatewayPort,
        CoseKey gatewayDtls,
        Join join,
        Bytes batch,
        Bytes presharedKey) {
    /** Longest encoded ticket in bytes. */
    public static final int MAX_BYTES = 2_048;

    /** Longest endorsement and path in bytes. */
    public static final int MAX_BATCH_BYTES = 1_024;

    private static final String DOMAIN = "latchkey/1/batch-ticket";
    private static final String TEXT_PREFIX = "latchkey1-ticket.";
    private static final int MAX_HOST = 253;
    private static final int MAX_PORT = 65_535;

    public JoinTicket {
        if (join.voucher().isPresent()) {
            throw new IllegalArgumentException("an endorsed join carries no voucher");
        }
    }

    /**
     * What takes the place of a voucher's id where the device first connects ({@link Enrolment}): the first 8 bytes of the
     * join's transaction id, so that the connection is good for this join alone.
     */
    public static Bytes enrolmentId(ChainId chain, Join join) {
        return enrolmentId(SignedTransaction.idOf(chain, join.body()));
    }

    /** The same by the join's transaction id. */
    public static Bytes enrolmentId(Digest transactionId) {
        return transactionId.bytes().slice(0, Voucher.ID_BYTES);
    }

    /** This ticket's own {@link #enrolmentId(ChainId, Join)}. */
    public Bytes enrolmentId() {
        return enrolmentId(chain, join);
    }

    public Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(DOMAIN),
                Cbor.text(network),
                Cbor.text(chainName),
                Cbor.bytes(chain.bytes()),
                Cbor.text(gatewayName),
                Cbor.text(gatewayHost),
                Cbor.uint(gatewayPort),
                gatewayDtls.item(),
                Cbor.bytes(join.body()),
                Cbor.bytes(batch),
                Cbor.bytes(presharedKey)));
    }

    /** The text form, one line without an end. */
    public String toText() {
        return TEXT_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(encode().toArray());
    }

    public static JoinTicket fromText(String text) throws MalformedMessageException {
        return decode(Wire.fromText(text, TEXT_PREFIX, MAX_BYTES, "a join ticket begins with latchkey1-ticket."));
    }

    public static JoinTicket decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(11);
            if (!parts.get(0).asText(DOMAIN.length()).equals(DOMAIN)) {
                throw new MalformedMessageException("not a join ticket");
            }
            Transaction join = Transaction.decode(parts.get(8).asBytes());
            if (!(join instanceof Join) || ((Join) join).voucher().isPresent()) {
                throw new MalformedMessageException("a join ticket without its join");
            }
            return new JoinTicket(
                    Wire.name(parts.get(1)),
                    Wire.name(parts.get(2)),
                    new ChainId(Digest.of(parts.get(3).asBytes(Digest.SIZE))),
                    Wire.name(parts.get(4)),
                    parts.get(5).asText(MAX_HOST),
                    parts.get(6).asUint(MAX_PORT),
                    CoseKey.fromItem(parts.get(7)),
                    (Join) join,
                    parts.get(9).asBytes(1, MAX_BATCH_BYTES),
                    parts.get(10).asBytes(Enrolment.SECRET_BYTES));
        } catch (MalformedCborException | MalformedKeyException | MalformedTransactionException e) {
            throw new MalformedMessageException("not a join ticket", e);
        }
    }

    /** Without the pre-shared key. */
    @Override
    public String toString() {
        return "join ticket for " + join.name() + " in " + chainName + " at " + gatewayHost + ":" + gatewayPort;
    }
}
