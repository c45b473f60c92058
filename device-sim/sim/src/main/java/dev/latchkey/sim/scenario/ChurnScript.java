package dev.latchkey.sim.scenario;

import dev.latchkey.device.KeyPurpose;
import dev.latchkey.sim.fleet.DeviceNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who joins, changes keys and leaves, and in what order: a pure function of the members, the number of changes and the
 * seed. Stateless.
 */
final class ChurnScript {
    /** The chain bounds the transactions of a member in an hour; a rotation of all keys takes two. */
    private static final int MAX_ROTATIONS = 4;

    /** Every third change is a replacement. */
    private static final int REPLACE_EVERY = 3;

    private ChurnScript() {}

    /**
     * @param atATime changes of one round, which happen together and concern different members
     * @return rounds, one after the other
     */
    static List<List<Step>> of(Collection<String> members, int changes, int atATime, long seed) {
        Random random = new Random(seed);
        List<String> now = new ArrayList<>(new TreeSet<>(members));
        Set<String> ever = new HashSet<>(now);
        Map<String, Integer> rotations = new HashMap<>();
        List<List<Step>> rounds = new ArrayList<>();
        // Somebody has to stay as he is, so that there is somebody to send.
        int most = Math.min(atATime, now.size() - 1);
        for (int made = 0; made < changes; ) {
            List<Step> round = new ArrayList<>();
            List<String> drawn = new ArrayList<>(now);
            Collections.shuffle(drawn, random);
            while (round.size() < most && made < changes) {
                String name = drawn.get(round.size());
                boolean worn = rotations.getOrDefault(name, 0) >= MAX_ROTATIONS;
                if (made % REPLACE_EVERY == REPLACE_EVERY - 1 || worn) {
                    String joining = newName(random, ever);
                    round.add(new Step.Replace(name, joining));
                    now.set(now.indexOf(name), joining);
                } else {
                    round.add(new Step.Rotate(name, purposes(random)));
                    rotations.merge(name, 1, Integer::sum);
                }
                made++;
            }
            rounds.add(List.copyOf(round));
        }
        return List.copyOf(rounds);
    }

    private static String newName(Random random, Set<String> ever) {
        String name = DeviceNames.random(random);
        while (!ever.add(name)) {
            name = DeviceNames.random(random);
        }
        return name;
    }

    private static Set<KeyPurpose> purposes(Random random) {
        KeyPurpose[] all = KeyPurpose.values();
        EnumSet<KeyPurpose> which = EnumSet.of(all[random.nextInt(all.length)]);
        for (KeyPurpose purpose : all) {
            if (random.nextInt(all.length) == 0) {
                which.add(purpose);
            }
        }
        return which;
    }

    /** How many members such a script lets join. */
    static int joins(List<List<Step>> rounds) {
        return (int) rounds.stream()
                .flatMap(List::stream)
                .filter(Step.Replace.class::isInstance)
                .count();
    }
}
