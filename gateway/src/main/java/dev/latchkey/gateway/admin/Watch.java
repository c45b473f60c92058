package dev.latchkey.gateway.admin;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.console.Cli;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Shows what a gateway tells its observers until somebody stops it, which is a success. Stateless. */
final class Watch {
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
        // A JVM that a signal ends says 130 or 143 whatever its hooks did.
        Thread hook = new Thread(() -> Runtime.getRuntime().halt(Cli.OK), "watch-stop");
        Runtime.getRuntime().addShutdownHook(hook);
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
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
