package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.transaction.ChainId;

/**
 * The chain and the block that a session is bound to: {@code ["latchkey/1", chain id, height, block hash]}. The block
 * hash is never sent. Both sides take it from their own verified view of the chain, so what was sealed on a forged
 * chain opens for nobody honest.
 *
 * @param chainName the name that the opener carries in place of the chain id
 */
public record ChainContext(ChainId chain, String chainName, long height, Digest blockHash) {
    public ChainContext {
        if (height < 0) {
            throw new IllegalArgumentException("a height is not negative");
        }
    }

    /** The deterministic CBOR that goes into every key and every signature of the session. */
    Bytes encoded() {
        return Cbor.encode(Cbor.array(
                Cbor.text("latchkey/1"),
                Cbor.bytes(chain.digest().bytes()),
                Cbor.uint(height),
                Cbor.bytes(blockHash.bytes())));
    }
}
