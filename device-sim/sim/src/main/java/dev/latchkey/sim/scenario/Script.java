package dev.latchkey.sim.scenario;

import java.io.IOException;

/** What happens to a fleet while it sends; for use by one thread. The fleet sends at least until it is over. */
@FunctionalInterface
public interface Script {
    /** Nothing happens. */
    Script NOTHING = stage -> {};

    /**
     * Lets it happen; returns when nothing more will.
     *
     * @throws IOException if something could not be made to happen
     */
    void run(Stage stage) throws IOException, InterruptedException;
}
