package dev.latchkey.cbor;

import dev.latchkey.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Items of every kind, the same ones for the same seed. */
final class RandomItems {
    private RandomItems() {}

    static Item next(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 7 : 9)) {
            case 0 -> Cbor.uint(random.nextLong() >>> 1 + random.nextInt(63));
            case 1 -> Cbor.integer(random.nextLong() >> random.nextInt(64));
            case 2 -> Cbor.bytes(bytes(random));
            case 3 -> Cbor.text(text(random));
            case 4 -> random.nextInt(3) == 0 ? Cbor.NULL : Cbor.bool(random.nextBoolean());
            case 5 -> Cbor.real(random.nextBoolean() ? random.nextInt(1000) / 8.0 : random.nextDouble());
            case 6 -> Cbor.decimal(random.nextInt(20) - 10, random.nextInt());
            case 7 -> Cbor.array(items(random, depth - 1));
            default -> Cbor.map(entries(random, depth - 1));
        };
    }

    private static List<Item> items(Random random, int depth) {
        List<Item> items = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            items.add(next(random, depth));
        }
        return items;
    }

    private static Map<Item, Item> entries(Random random, int depth) {
        Map<Item, Item> entries = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            entries.put(next(random, depth), next(random, depth));
        }
        return entries;
    }

    private static Bytes bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.appendCodePoint(random.nextInt(4) == 0 ? 0x1f510 + random.nextInt(9) : 0x20 + random.nextInt(300));
        }
        return text.toString();
    }
}
