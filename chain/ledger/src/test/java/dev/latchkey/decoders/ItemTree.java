package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Items as a tree that goes on inside byte strings which are CBOR themselves. Immutable. */
sealed interface ItemTree {
    Item item();

    /** Number of nodes. */
    int size();

    Stream<ItemTree> all();

    /** The same with the node at that place, depth first, put through a change. */
    ItemTree changed(int at, UnaryOperator<ItemTree> change);

    /** Something near it that it is not, by chance. */
    ItemTree other(Random random);

    /** Whatever has no parts. */
    record Leaf(Item item) implements ItemTree {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public Stream<ItemTree> all() {
            return Stream.of(this);
        }

        @Override
        public ItemTree changed(int at, UnaryOperator<ItemTree> change) {
            return change.apply(this);
        }

        @Override
        public ItemTree other(Random random) {
            long number = Mutator.BOUNDARIES[random.nextInt(Mutator.BOUNDARIES.length)];
            return new Leaf(
                    switch (random.nextInt(7)) {
                        case 0 -> Cbor.NULL;
                        case 1 -> Cbor.bool(random.nextBoolean());
                        case 2 -> Cbor.integer(-1 - number);
                        case 3 -> Cbor.bytes(Bytes.wrap(new byte[(int) Math.min(number, 300)]));
                        case 4 -> Cbor.text("a".repeat((int) Math.min(number, 300)));
                        case 5 -> sibling(random, number);
                        default -> Cbor.uint(number);
                    });
        }

        private Item sibling(Random random, long number) {
            try {
                return switch (item.kind()) {
                    case BYTES -> {
                        byte[] bytes = item.asBytes().toArray();
                        if (bytes.length > 0) {
                            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                        }
                        yield Cbor.bytes(Bytes.wrap(bytes));
                    }
                    case UNSIGNED -> Cbor.uint(Math.max(0, item.asUint() + random.nextInt(3) - 1));
                    case TEXT -> Cbor.text(item.asText(1_000) + (char) (random.nextInt(26) + 'A'));
                    default -> Cbor.uint(number);
                };
            } catch (MalformedCborException e) {
                return Cbor.NULL;
            }
        }
    }

    /**
     * A row of parts: an array, or a byte string that holds items.
     *
     * @param wrapped whether it is the byte string
     */
    record Holder(List<ItemTree> parts, boolean wrapped) implements ItemTree {
        Holder with(List<ItemTree> others) {
            return new Holder(others, wrapped);
        }

        Bytes sequence() {
            return Cbor.encodeSequence(parts.stream().map(ItemTree::item).toList());
        }

        @Override
        public Item item() {
            return wrapped
                    ? Cbor.bytes(sequence())
                    : Cbor.array(parts.stream().map(ItemTree::item).toList());
        }

        @Override
        public int size() {
            return 1 + parts.stream().mapToInt(ItemTree::size).sum();
        }

        @Override
        public Stream<ItemTree> all() {
            return Stream.concat(Stream.of(this), parts.stream().flatMap(ItemTree::all));
        }

        @Override
        public ItemTree changed(int at, UnaryOperator<ItemTree> change) {
            if (at == 0) {
                return change.apply(this);
            }
            List<ItemTree> after = new ArrayList<>(parts);
            int left = at - 1;
            for (int i = 0; i < parts.size(); i++) {
                if (left < parts.get(i).size()) {
                    after.set(i, parts.get(i).changed(left, change));
                    return with(after);
                }
                left -= parts.get(i).size();
            }
            throw new IndexOutOfBoundsException(at);
        }

        @Override
        public ItemTree other(Random random) {
            return new Holder(parts, !wrapped);
        }
    }

    /** A map; its entries keep their keys or lose them, and the values are parts. */
    record Mapped(List<Item> keys, List<ItemTree> values) implements ItemTree {
        @Override
        public Item item() {
            Map<Item, Item> entries = new HashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                entries.put(keys.get(i), values.get(i).item());
            }
            return Cbor.map(entries);
        }

        @Override
        public int size() {
            return 1 + values.stream().mapToInt(ItemTree::size).sum();
        }

        @Override
        public Stream<ItemTree> all() {
            return Stream.concat(Stream.of(this), values.stream().flatMap(ItemTree::all));
        }

        @Override
        public ItemTree changed(int at, UnaryOperator<ItemTree> change) {
            if (at == 0) {
                return change.apply(this);
            }
            Holder row = (Holder) new Holder(values, false).changed(at, change);
            return new Mapped(keys, row.parts());
        }

        @Override
        public ItemTree other(Random random) {
            List<Item> otherKeys = new ArrayList<>(keys);
            if (keys.isEmpty()) {
                return new Mapped(List.of(Cbor.uint(random.nextInt(30))), List.of(new Leaf(Cbor.uint(1))));
            }
            otherKeys.set(random.nextInt(keys.size()), Cbor.integer(random.nextInt(60) - 30));
            return new Mapped(otherKeys, values);
        }
    }

    /** The trees of a sequence of items. */
    static List<ItemTree> of(Bytes sequence) throws MalformedCborException {
        return Cbor.decodeSequence(sequence, sequence.size()).stream()
                .map(ItemTree::of)
                .toList();
    }

    private static ItemTree of(Item item) {
        try {
            switch (item.kind()) {
                case ARRAY -> {
                    return new Holder(item.asArray().stream().map(ItemTree::of).toList(), false);
                }
                case MAP -> {
                    Map<Item, Item> map = item.asMap();
                    return new Mapped(
                            List.copyOf(map.keySet()),
                            map.values().stream().map(ItemTree::of).toList());
                }
                case BYTES -> {
                    Bytes content = item.asBytes();
                    boolean structure = !content.isEmpty() && (content.get(0) & 0xc0) == 0x80;
                    return structure ? new Holder(of(content), true) : new Leaf(item);
                }
                default -> {
                    return new Leaf(item);
                }
            }
        } catch (MalformedCborException e) {
            return new Leaf(item);
        }
    }
}
