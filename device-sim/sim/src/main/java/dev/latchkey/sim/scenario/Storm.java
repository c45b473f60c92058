package dev.latchkey.sim.scenario;

import dev.latchkey.console.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * All devices lose their connections at once while readings are under way, and reconnect together: after the gateway was
 * away, or after they were themselves.
 *
 * @param gateway stops the gateway and starts it again; none: the devices end their connections themselves
 */
record Storm(Optional<Restart> gateway) implements Script {
    private static final double AFTER = 1.0 / 3;

    /** Something that stops and starts again. */
    interface Restart {
        void restart() throws IOException, InterruptedException;
    }

    @Override
    public void run(Stage stage) throws IOException, InterruptedException {
        stage.awaitPart(AFTER);
        long began = System.nanoTime();
        if (gateway.isPresent()) {
            stage.say("the gateway stops and starts again");
            gateway.get().restart();
            stage.meter().event("gateway away", System.nanoTime() - began);
        } else {
            stage.say("all devices end their connections and connect again");
            stage.await(stage.fleet().reconnect());
        }
        long back = System.nanoTime();
        stage.await(stage.account()
                .heardFromEach(
                        stage.fleet().names(),
                        name -> stage.meter().event("back in service", System.nanoTime() - back)));
        Duration took = Duration.ofNanos(System.nanoTime() - back);
        stage.say("every device has had a reading acknowledged again after " + Units.text(took));
    }
}
