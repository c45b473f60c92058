package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Anyone shows that replicas signed two histories: {@code [16, null, 0, first checkpoint, second checkpoint, fork / null,
 * filer: key]}. What it must prove is in dev.latchkey.checkpoint.Contradiction.
 *
 * @param first a signed checkpoint
 * @param second another one of the same chain, of the same height unless there is a fork
 * @param fork what the two histories differ in, if the heights differ
 * @param filer the key of whoever files this; it need not be known to the chain
 */
public record Evidence(Bytes first, Bytes second, Optional<Fork> fork, CoseKey filer) implements Transaction {
    private static final int MAX_PATH = 63;

    /**
     * Two headers for one height, each with its path under the history root of its checkpoint: {@code [height, header /
     * null, path, header, path]}.
     *
     * @param height the height both claim
     * @param first the header under the first checkpoint; none, if the height is that checkpoint's own, for whose header
     *     its block hash stands
     * @param firstPath RFC 9162 inclusion path, from the leaf up; empty without a first header
     * @param second the header under the second checkpoint
     * @param secondPath RFC 9162 inclusion path, from the leaf up
     */
    public record Fork(
            long height, Optional<Bytes> first, List<Digest> firstPath, Bytes second, List<Digest> secondPath) {
        public Fork {
            firstPath = List.copyOf(firstPath);
            secondPath = List.copyOf(secondPath);
        }

        /** The fork as a part of something larger. */
        public Item item() {
            return Cbor.array(
                    Cbor.uint(height),
                    first.map(Cbor::bytes).orElse(Cbor.NULL),
                    path(firstPath),
                    Cbor.bytes(second),
                    path(secondPath));
        }

        public static Fork fromItem(Item item) throws MalformedCborException {
            List<Item> parts = item.asArray(5);
            Item header = parts.get(1);
            return new Fork(
                    parts.get(0).asUint(),
                    header.isNull() ? Optional.empty() : Optional.of(header.asBytes()),
                    pathFrom(parts.get(2)),
                    parts.get(3).asBytes(),
                    pathFrom(parts.get(4)));
        }
    }

    @Override
    public Bytes body() {
        return Cbor.encode(Cbor.array(
                Cbor.uint(EVIDENCE),
                Cbor.NULL,
                Cbor.uint(0),
                Cbor.bytes(first),
                Cbor.bytes(second),
                fork.map(Fork::item).orElse(Cbor.NULL),
                filer.item()));
    }

    private static Item path(List<Digest> path) {
        List<Item> items = new ArrayList<>();
        path.forEach(digest -> items.add(Cbor.bytes(digest.bytes())));
        return Cbor.array(items);
    }

    static Evidence fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 7 || !parts.get(1).isNull() || parts.get(2).asUint() != 0) {
            throw new MalformedTransactionException("not an evidence body");
        }
        Item fork = parts.get(5);
        return new Evidence(
                parts.get(3).asBytes(),
                parts.get(4).asBytes(),
                fork.isNull() ? Optional.empty() : Optional.of(Fork.fromItem(fork)),
                Fields.key(parts.get(6)));
    }

    private static List<Digest> pathFrom(Item item) throws MalformedCborException {
        List<Digest> path = new ArrayList<>();
        for (Item element : item.asArray(0, MAX_PATH)) {
            path.add(Digest.of(element.asBytes(Digest.SIZE)));
        }
        return path;
    }
}
