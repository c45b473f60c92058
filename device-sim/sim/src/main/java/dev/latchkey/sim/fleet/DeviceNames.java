package dev.latchkey.sim.fleet;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Names for devices that nobody named: {@code d-} and ten characters, which say nothing about anybody. Stateless. */
public final class DeviceNames {
    /** Without those that are read for another: 0 o 1 l i. */
    private static final String CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int LENGTH = 10;

    private DeviceNames() {}

    public static String random(Random random) {
        StringBuilder name = new StringBuilder("d-");
        for (int i = 0; i < LENGTH; i++) {
            name.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return name.toString();
    }

    /** So many different ones. */
    public static List<String> random(Random random, int count) {
        Set<String> names = new LinkedHashSet<>();
        while (names.size() < count) {
            names.add(random(random));
        }
        return new ArrayList<>(names);
    }
}
