package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Voucher;
import java.util.Base64;
import java.util.List;

/**
 * What an operator hands to a device, one small secret file: {@code ["latchkey/1/hand-over", network, chain name, chain
 * id, gateway name, gateway host, gateway port, gateway dtls key, bstr voucher, voucher private key, pre-shared key]}. Its
 * text form is {@code latchkey1.} and base64url.
 *
 * @param network the network's name
 * @param chainName the sub-network's name
 * @param chain the chain id, from which everything else can be proved
 * @param gatewayName name of the gateway to begin with
 * @param gatewayHost its host name or address
 * @param gatewayPort its coaps port
 * @param gatewayDtls its dtls key
 * @param voucher the leave to join
 * @param voucherKey private half of the voucher's key
 * @param presharedKey 32 bytes, for the first connection
 */
public record HandOver(
        String network,
        String chainName,
        ChainId chain,
        String gatewayName,
        String gatewayHost,
        int gatewayPort,
        CoseKey gatewayDtls,
        Voucher voucher,
        KeyPair voucherKey,
        Bytes presharedKey) {
    /** Longest encoded hand-over in bytes. */
    public static final int MAX_BYTES = 1_200;

    private static final String DOMAIN = "latchkey/1/hand-over";
    private static final String TEXT_PREFIX = "latchkey1.";
    private static final int MAX_HOST = 253;
    private static final int MAX_PORT = 65_535;

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
                Cbor.bytes(voucher.encode()),
                Cbor.bytes(voucherKey.scalar()),
                Cbor.bytes(presharedKey)));
    }

    /** The text form, one line without an end. */
    public String toText() {
        return TEXT_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(encode().toArray());
    }

    public static HandOver fromText(String text) throws MalformedMessageException {
        return decode(Wire.fromText(text, TEXT_PREFIX, MAX_BYTES, "a hand-over is latchkey1. and base64url"));
    }

    public static HandOver decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(11);
            if (!parts.get(0).asText(DOMAIN.length()).equals(DOMAIN)) {
                throw new MalformedMessageException("not a hand-over");
            }
            HandOver handOver = new HandOver(
                    Wire.name(parts.get(1)),
                    Wire.name(parts.get(2)),
                    new ChainId(Digest.of(parts.get(3).asBytes(Digest.SIZE))),
                    Wire.name(parts.get(4)),
                    parts.get(5).asText(MAX_HOST),
                    parts.get(6).asUint(MAX_PORT),
                    CoseKey.fromItem(parts.get(7)),
                    Voucher.decode(parts.get(8).asBytes()),
                    KeyPair.fromScalar(parts.get(9).asBytes()),
                    parts.get(10).asBytes(Enrolment.SECRET_BYTES));
            if (!handOver.voucher.key().equals(handOver.voucherKey.publicKey())
                    || !handOver.voucher.chain().equals(handOver.chain)) {
                throw new MalformedMessageException("a hand-over contradicts its voucher");
            }
            return handOver;
        } catch (MalformedCborException | MalformedKeyException | MalformedTransactionException e) {
            throw new MalformedMessageException("not a hand-over", e);
        }
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "hand-over for " + chainName + " at " + gatewayHost + ":" + gatewayPort;
    }
}
