package dev.latchkey.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Names;
import java.util.List;

/**
 * The first item of an export: {@code ["latchkey-export", 1, chain id, network, chain name, height]}. It claims; the
 * blocks after it prove.
 *
 * @param chain the chain
 * @param network its network's name
 * @param chainName its own name
 * @param height height of the last block, which the checkpoint is of
 */
public record ExportHeader(ChainId chain, String network, String chainName, long height) {
    /** Longest encoded header in bytes. */
    public static final int MAX_BYTES = 160;

    private static final String FORMAT = "latchkey-export";
    private static final long VERSION = 1;

    /** The header of an export that ends with this state. */
    public static ExportHeader of(ChainState genesis, long height) {
        return new ExportHeader(genesis.chainId(), genesis.network(), genesis.chainName(), height);
    }

    public Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(FORMAT),
                Cbor.uint(VERSION),
                Cbor.bytes(chain.bytes()),
                Cbor.text(network),
                Cbor.text(chainName),
                Cbor.uint(height)));
    }

    /**
     * Reads the first item of an export.
     *
     * @throws MalformedSourceException if it is none, or of another version
     */
    public static ExportHeader fromItem(Item item) throws MalformedSourceException {
        try {
            List<Item> parts = item.asArray();
            if (parts.size() < 2 || !parts.get(0).asText(FORMAT.length()).equals(FORMAT)) {
                throw new MalformedSourceException("not an export of a chain");
            }
            if (parts.get(1).asUint() != VERSION) {
                throw new MalformedSourceException("an export of a version that this program does not read");
            }
            parts = item.asArray(6);
            return new ExportHeader(
                    new ChainId(Digest.of(parts.get(2).asBytes(Digest.SIZE))),
                    name(parts.get(3)),
                    name(parts.get(4)),
                    parts.get(5).asUint());
        } catch (MalformedCborException e) {
            throw new MalformedSourceException("not an export of a chain", e);
        }
    }

    private static String name(Item item) throws MalformedCborException, MalformedSourceException {
        String name = item.asText(Names.MAX);
        if (!Names.isValid(name)) {
            throw new MalformedSourceException("not an export of a chain");
        }
        return name;
    }
}
