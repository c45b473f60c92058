package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;

/**
 * The fixed texts that keep one signature from being taken for another; chain/WIRE.md lists all of them. Each is the
 * first element of a signature's external_aad or payload.
 */
public final class Domain {
    private static final String TRANSACTION = "latchkey/1/tx";
    private static final String POSSESSION = "latchkey/1/possession";

    private Domain() {}

    /** external_aad of a transaction's signatures: {@code ["latchkey/1/tx", chain id]}. */
    public static Bytes transaction(ChainId chain) {
        return aad(TRANSACTION, chain);
    }

    /** external_aad of a dtls key's proof of possession: {@code ["latchkey/1/possession", chain id]}. */
    public static Bytes possession(ChainId chain) {
        return aad(POSSESSION, chain);
    }

    private static Bytes aad(String text, ChainId chain) {
        return Cbor.encode(Cbor.array(Cbor.text(text), Cbor.bytes(chain.bytes())));
    }
}
