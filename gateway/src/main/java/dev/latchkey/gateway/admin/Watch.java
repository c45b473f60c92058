package dev.latchkey.gateway.admin;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.console.Cli;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Shows what a gateway tells its observers until somebody stops it, which is a success. Stateless. */
final class Watch {
    private static final long LONGEST_CLOSE_MILLIS = 1_000;

    private Watch() {}

    private record Event(Map<String, Object> values, IOException end) {}

    /**
     * Returns only by an exception; a signal ends the process with 0.
     *
     * @param show called on this thread with all that comes
     * @throws IOException if the gateway ends it or does not answer
     */
    static void until(AdminConnection.Open gateway, ClientRequest request, Consumer<Map<String, Object>> show)
            throws IOException, InterruptedException {
        LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
        Runnable uninterruptible = interruptible(gateway);
        try {
            gateway.observeValues(
                    request,
                    values -> events.add(new Event(values, null)),
                    end -> events.add(new Event(Map.of(), end)));
            while (true) {
                Event event = events.take();
                if (event.end() != null) {
                    throw event.end();
                }
                show.accept(event.values());
            }
        } finally {
            uninterruptible.run();
        }
    }

    /** Until what it gives back is run a signal ends the process with 0, after the gateway was told that the connection ends. */
    static Runnable interruptible(AdminConnection.Open gateway) {
        Thread closing = new Thread(gateway::close, "watch-close");
        closing.setDaemon(true);
        // A JVM that a signal ends says 130 or 143 whatever its hooks did.
        Thread hook = new Thread(
                () -> {
                    closing.start();
                    try {
                        closing.join(LONGEST_CLOSE_MILLIS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    Runtime.getRuntime().halt(Cli.OK);
                },
                "watch-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // A signal came first; the hook ends the process.
                LockSupport.park();
            }
        };
    }
}
