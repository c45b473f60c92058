package dev.latchkey.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Gives equal names the same String: a member's three keys then share one. For one thread, while a state is read; takes
 * 8 to 16 bytes a name.
 */
final class OwnerNames {
    private final long multiplier;
    private String[] slots = new String[1_024];
    private int size;

    /** The seed should be what nobody knew when he chose a name, or he could choose names that fall on one place. */
    OwnerNames(long seed) {
        this.multiplier = seed | 1;
    }

    /** The name that stands in a range of bytes; empty if they are not printable ASCII. */
    Optional<String> of(byte[] bytes, int from, int length) {
        long hash = 0;
        for (int i = from; i < from + length; i++) {
            if (bytes[i] <= ' ' || bytes[i] > '~') {
                return Optional.empty();
            }
            hash = multiplier * hash + bytes[i];
        }
        int slot = slot(hash);
        while (slots[slot] != null) {
            if (isAt(slots[slot], bytes, from, length)) {
                return Optional.of(slots[slot]);
            }
            slot = slot + 1 & slots.length - 1;
        }
        String name = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        slots[slot] = name;
        if (++size > slots.length / 2) {
            grow();
        }
        return Optional.of(name);
    }

    private void grow() {
        String[] old = slots;
        slots = new String[2 * old.length];
        for (String name : old) {
            if (name != null) {
                long hash = 0;
                for (int i = 0; i < name.length(); i++) {
                    hash = multiplier * hash + name.charAt(i);
                }
                int slot = slot(hash);
                while (slots[slot] != null) {
                    slot = slot + 1 & slots.length - 1;
                }
                slots[slot] = name;
            }
        }
    }

    private static boolean isAt(String name, byte[] bytes, int from, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** The high bits: they depend on every letter. */
    private int slot(long hash) {
        return (int) (hash * multiplier >>> Long.SIZE - Integer.numberOfTrailingZeros(slots.length));
    }
}
