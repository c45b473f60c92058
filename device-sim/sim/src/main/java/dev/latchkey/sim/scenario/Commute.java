package dev.latchkey.sim.scenario;

import dev.latchkey.sim.fleet.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Some members move to a sibling sub-network and back, while they and the others send.
 *
 * @param there the sibling's name
 * @param share of the members that commute, above 0 to 1; at least one does
 * @param trips there and back
 * @param seed decides who
 */
record Commute(String there, double share, int trips, long seed) implements Script {
    /** Moves under way at once: each takes two transactions, in two chains. */
    private static final int AT_A_TIME = 16;

    Commute {
        if (!(share > 0 && share <= 1) || trips < 1) {
            throw new IllegalArgumentException("nobody commutes");
        }
    }

    /** Who commutes, of these. */
    List<String> commuters(Collection<String> members) {
        List<String> drawn = new ArrayList<>(members);
        Collections.sort(drawn);
        Collections.shuffle(drawn, new Random(seed));
        return drawn.subList(0, Math.max(1, (int) Math.round(share * drawn.size())));
    }

    @Override
    public void run(Stage stage) throws IOException, InterruptedException {
        List<String> commuters = commuters(stage.brief().plan().members());
        String home = stage.fleet().handheld(commuters.get(0)).home();
        int legs = 2 * trips;
        for (int leg = 0; leg < legs; leg++) {
            stage.awaitPart((leg + 1.0) / (legs + 1));
            String to = leg % 2 == 0 ? there : home;
            stage.say(commuters.size() + " of " + stage.brief().plan().members().size() + " move to " + to);
            stage.await(Window.over(commuters, AT_A_TIME, name -> stage.fleet().relocate(name, to)));
        }
    }
}
