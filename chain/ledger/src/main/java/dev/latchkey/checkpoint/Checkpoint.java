package dev.latchkey.checkpoint;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.ChainId;
import java.util.List;

/**
 * The body that replicas and witnesses sign: {@code ["latchkey/1/checkpoint", chain id, height, block-hash, history-root,
 * directory-root, policy number, header time]}.
 *
 * @param chain the chain
 * @param height the newest block
 * @param blockHash its hash
 * @param historyRoot root over headers 0 to {@code height}
 * @param directoryRoot root of the directory after that block
 * @param policyNumber the policy in force after that block
 * @param timeMillis that block's header time
 */
public record Checkpoint(
        ChainId chain,
        long height,
        Digest blockHash,
        Digest historyRoot,
        Digest directoryRoot,
        long policyNumber,
        long timeMillis) {
    private static final String DOMAIN = "latchkey/1/checkpoint";
    private static final int MAX_BYTES = 256;

    /** The signed bytes. */
    public Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(DOMAIN),
                Cbor.bytes(chain.bytes()),
                Cbor.uint(height),
                Cbor.bytes(blockHash.bytes()),
                Cbor.bytes(historyRoot.bytes()),
                Cbor.bytes(directoryRoot.bytes()),
                Cbor.uint(policyNumber),
                Cbor.uint(timeMillis)));
    }

    /** Reads what {@link #encode} wrote. */
    public static Checkpoint decode(Bytes encoded) throws MalformedCheckpointException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(8);
            if (!parts.get(0).asText(DOMAIN.length()).equals(DOMAIN)) {
                throw new MalformedCheckpointException("not a checkpoint body");
            }
            return new Checkpoint(
                    new ChainId(Digest.of(parts.get(1).asBytes(Digest.SIZE))),
                    parts.get(2).asUint(),
                    Digest.of(parts.get(3).asBytes(Digest.SIZE)),
                    Digest.of(parts.get(4).asBytes(Digest.SIZE)),
                    Digest.of(parts.get(5).asBytes(Digest.SIZE)),
                    parts.get(6).asUint(),
                    parts.get(7).asUint());
        } catch (MalformedCborException e) {
            throw new MalformedCheckpointException("not a checkpoint body", e);
        }
    }
}
