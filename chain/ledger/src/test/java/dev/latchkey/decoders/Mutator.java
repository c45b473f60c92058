package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes bad bytes of good ones, the same in every run: half of the time by changing bytes, heads and pieces as they lie,
 * half of the time by changing the tree of items and encoding it again, which gets behind the check of the form.
 */
final class Mutator {
    /** Numbers next to where something changes: forms of heads, sizes of ints, limits. */
    static final long[] BOUNDARIES = {
        0,
        1,
        2,
        15,
        16,
        17,
        23,
        24,
        31,
        32,
        33,
        63,
        64,
        65,
        127,
        128,
        255,
        256,
        257,
        1_024,
        1_025,
        65_535,
        65_536,
        1_000_001,
        Integer.MAX_VALUE,
        1L << 31,
        0xffff_ffffL,
        1L << 32,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE
    };

    private final Random random;
    private final List<Bytes> pool;
    private final List<ItemTree> parts;
    private final Map<Bytes, List<ItemTree>> trees = new HashMap<>();

    /**
     * @param seed of everything that is left to chance
     * @param pool bytes from which pieces are taken
     */
    Mutator(long seed, List<Bytes> pool) {
        this.random = new Random(seed);
        this.pool = pool;
        this.parts = pool.stream()
                .flatMap(bytes -> tree(bytes).stream())
                .flatMap(ItemTree::all)
                .toList();
    }

    Bytes mutate(Bytes sample) {
        List<ItemTree> tree = tree(sample);
        if (tree.isEmpty() || random.nextBoolean()) {
            byte[] bytes = sample.toArray();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                bytes = bytes(bytes);
            }
            return Bytes.wrap(bytes);
        }
        ItemTree changed = new ItemTree.Holder(tree, true);
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
            changed = changed.changed(random.nextInt(changed.size()), this::change);
        }
        return new ItemTree.Holder(changed instanceof ItemTree.Holder row ? row.parts() : List.of(changed), true)
                .sequence();
    }

    private List<ItemTree> tree(Bytes sample) {
        return trees.computeIfAbsent(sample, bytes -> {
            try {
                return ItemTree.of(bytes);
            } catch (MalformedCborException e) {
                return List.of();
            }
        });
    }

    private ItemTree change(ItemTree here) {
        if (here instanceof ItemTree.Holder holder && random.nextInt(8) != 0) {
            return holder.with(pieces(holder.parts()));
        }
        return random.nextInt(3) == 0 ? part() : here.other(random);
    }

    /** Another row of parts: one less, one twice, two swapped, or one more. */
    private List<ItemTree> pieces(List<ItemTree> before) {
        List<ItemTree> after = new java.util.ArrayList<>(before);
        int at = random.nextInt(after.size() + 1);
        boolean inside = at < after.size();
        switch (random.nextInt(4)) {
            case 0 -> {
                if (inside) {
                    after.remove(at);
                }
            }
            case 1 -> {
                if (inside) {
                    after.add(at, after.get(at));
                }
            }
            case 2 -> {
                if (inside) {
                    java.util.Collections.swap(after, at, random.nextInt(after.size()));
                }
            }
            default -> after.add(at, part());
        }
        return after;
    }

    private ItemTree part() {
        return parts.get(random.nextInt(parts.size()));
    }

    private byte[] bytes(byte[] before) {
        if (before.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(before.length);
        int length = 1 + random.nextInt(Math.min(40, before.length - at));
        byte[] nothing = new byte[0];
        return switch (random.nextInt(9)) {
            case 0 -> replaced(before, at, 1, (byte) (before[at] ^ 1 << random.nextInt(8)));
            case 1 -> replaced(before, at, 1, (byte) random.nextInt(256));
            case 2 -> replaced(before, at, 1, (byte) (before[at] & 0x1f | random.nextInt(8) << 5));
            case 3 -> replaced(before, at, 1, head(before[at] & 0xe0));
            case 4 -> replaced(before, at, length, nothing);
            case 5 -> replaced(before, at, 0, Arrays.copyOfRange(before, at, at + length));
            case 6 -> replaced(before, at, 0, head(random.nextInt(8) << 5));
            case 7 -> {
                byte[] other = pool.get(random.nextInt(pool.size())).toArray();
                int from = random.nextInt(other.length);
                yield replaced(
                        before, at, length, Arrays.copyOfRange(other, from, Math.min(other.length, from + length)));
            }
            default -> random.nextBoolean() ? Arrays.copyOf(before, at) : Arrays.copyOf(before, before.length + length);
        };
    }

    /** A head of that major type with a number at a boundary, not always in the shortest form, sometimes without end. */
    private byte[] head(int major) {
        long number = random.nextInt(8) == 0 ? -1 : BOUNDARIES[random.nextInt(BOUNDARIES.length)];
        return switch (random.nextInt(6)) {
            case 0 -> new byte[] {(byte) (major | 31)};
            case 1 -> new byte[] {(byte) (major | number & 0x17)};
            case 2 -> new byte[] {(byte) (major | 24), (byte) number};
            case 3 -> new byte[] {(byte) (major | 25), (byte) (number >> 8), (byte) number};
            case 4 ->
                new byte[] {
                    (byte) (major | 26),
                    (byte) (number >> 24),
                    (byte) (number >> 16),
                    (byte) (number >> 8),
                    (byte) number
                };
            default ->
                java.nio.ByteBuffer.allocate(9)
                        .put((byte) (major | 27))
                        .putLong(number)
                        .array();
        };
    }

    private static byte[] replaced(byte[] before, int at, int length, byte... by) {
        byte[] after = new byte[before.length - length + by.length];
        System.arraycopy(before, 0, after, 0, at);
        System.arraycopy(by, 0, after, at, by.length);
        System.arraycopy(before, at + length, after, at + by.length, before.length - at - length);
        return after;
    }
}
