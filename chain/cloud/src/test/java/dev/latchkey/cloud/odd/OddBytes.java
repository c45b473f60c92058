package dev.latchkey.cloud.odd;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Makes bad CBOR of good: mostly by changing one place in the tree of items, which goes on inside byte strings that are
 * items themselves, so that the form stays right; else by changing bytes as they lie. For one thread.
 */
public final class OddBytes {
    private static final int MAX = 8 << 20;
    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        15,
        16,
        18,
        23,
        24,
        32,
        33,
        64,
        255,
        256,
        1_024,
        4_096,
        4_097,
        65_535,
        65_536,
        1_000_001,
        Integer.MAX_VALUE,
        1L << 31,
        0xffff_ffffL,
        1L << 32,
        253_402_300_800_000L,
        Long.MAX_VALUE - 4_096,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE
    };

    private final Choices choices;
    /** Nodes still to pass before the one that changes. */
    private int left;

    private OddBytes(Choices choices) {
        this.choices = choices;
    }

    /** Bytes near to a sample, which is not empty. */
    public static Bytes of(Choices choices, Bytes sample) {
        return new OddBytes(choices).mutated(sample);
    }

    private Bytes mutated(Bytes sample) {
        if (choices.oneIn(4)) {
            return Bytes.wrap(flat(sample.toArray()));
        }
        List<Item> items = items(sample);
        if (items.isEmpty()) {
            return Bytes.wrap(flat(sample.toArray()));
        }
        for (int changes = 1 + choices.below(2); changes > 0; changes--) {
            left = choices.below(count(items) + 1);
            items = left == 0 ? row(items) : walked(items);
        }
        return Cbor.encodeSequence(items);
    }

    private static List<Item> items(Bytes bytes) {
        try {
            return Cbor.decodeSequence(bytes, MAX);
        } catch (MalformedCborException e) {
            return List.of();
        }
    }

    /** What a byte string holds, if that is an array at least. */
    private static List<Item> inside(Item item) throws MalformedCborException {
        List<Item> held = items(item.asBytes());
        return held.stream().anyMatch(each -> each.kind() == Item.Kind.ARRAY) ? held : List.of();
    }

    private static List<Item> parts(Item item) {
        try {
            return switch (item.kind()) {
                case ARRAY -> item.asArray();
                case BYTES -> inside(item);
                default -> List.of();
            };
        } catch (MalformedCborException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int count(List<Item> items) {
        return items.stream().mapToInt(item -> 1 + count(parts(item))).sum();
    }

    private List<Item> walked(List<Item> items) {
        return items.stream().map(this::walked).toList();
    }

    private Item walked(Item item) {
        left--;
        if (left == 0) {
            return changed(item);
        }
        List<Item> parts = parts(item);
        if (left < 0 || parts.isEmpty()) {
            return item;
        }
        List<Item> after = walked(parts);
        return item.kind() == Item.Kind.ARRAY ? Cbor.array(after) : Cbor.bytes(Cbor.encodeSequence(after));
    }

    private Item changed(Item item) {
        List<Item> parts = parts(item);
        if (!parts.isEmpty() && !choices.oneIn(4)) {
            List<Item> after = row(parts);
            return item.kind() == Item.Kind.ARRAY ? Cbor.array(after) : Cbor.bytes(Cbor.encodeSequence(after));
        }
        return choices.oneIn(2) ? leaf() : near(item);
    }

    /** Another row: one less, none, one twice or very often, two swapped, or one more. */
    private List<Item> row(List<Item> before) {
        List<Item> after = new ArrayList<>(before);
        int at = choices.below(after.size() + 1);
        boolean inside = at < after.size();
        switch (choices.below(6)) {
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
                    Collections.swap(after, at, choices.below(after.size()));
                }
            }
            case 3 -> after.clear();
            case 4 -> {
                if (inside && choices.oneIn(8)) {
                    after.addAll(Collections.nCopies(1 + choices.below(2_000), after.get(at)));
                }
            }
            default -> after.add(at, leaf());
        }
        return after;
    }

    private Item leaf() {
        long number = NUMBERS[choices.below(NUMBERS.length)];
        return switch (choices.below(8)) {
            case 0 -> Cbor.NULL;
            case 1 -> Cbor.bool(choices.oneIn(2));
            case 2 -> Cbor.integer(-1 - number);
            case 3 -> Cbor.bytes(Bytes.wrap(new byte[(int) Math.min(number, 5_000)]));
            case 4 -> Cbor.text("a".repeat((int) Math.min(number, 300)));
            case 5 -> Cbor.array();
            default -> Cbor.uint(number);
        };
    }

    private Item near(Item item) {
        try {
            return switch (item.kind()) {
                case BYTES -> Cbor.bytes(Bytes.wrap(flat(item.asBytes().toArray())));
                case UNSIGNED -> Cbor.uint(Math.max(0, item.asUint() + choices.below(3) - 1));
                case TEXT -> Cbor.text(item.asText(MAX) + (char) ('A' + choices.below(26)));
                default -> leaf();
            };
        } catch (MalformedCborException e) {
            return Cbor.NULL;
        }
    }

    private byte[] flat(byte[] before) {
        if (before.length == 0) {
            return choices.bytes(1);
        }
        int at = choices.below(before.length);
        switch (choices.below(5)) {
            case 0 -> {
                return Arrays.copyOf(before, at);
            }
            case 1 -> {
                return Arrays.copyOf(before, before.length + 1 + choices.below(40));
            }
            case 2 -> {
                before[at] = (byte) (before[at] & 0x1f | choices.below(8) << 5);
                return before;
            }
            case 3 -> {
                // a head that promises more than there is
                byte[] head = {(byte) (0x9b & 0xe0 | 27 | choices.below(8) << 5), 0x7f, -1, -1, -1, -1, -1, -1, -1};
                System.arraycopy(head, 0, before, at, Math.min(head.length, before.length - at));
                return before;
            }
            default -> {
                before[at] ^= (byte) (1 << choices.below(8));
                return before;
            }
        }
    }
}
