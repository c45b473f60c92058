package dev.latchkey.coap;

import dev.latchkey.coap.ConnectionArchive.Observing;
import dev.latchkey.cose.CoseKey;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;

/** How a server stops for another that goes on with its connections. */
record Departure(
        Intake intake, AckClock ackClock, ServerConnector connector, PeerLinks links, Observations observations) {
    /** Requests under way get so long; a synced write takes some milliseconds. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long STOP_MILLIS = 2_000;

    /** Stops all of it; empty if a thread did not come to its end. */
    Optional<SavedConnections> stop(
            CoapEndpoint endpoint,
            ProtocolScheduledExecutorService executor,
            int connectionIdLength,
            CoseKey identity) {
        intake.rest(REST_NANOS);
        ackClock.refuseWaiting(REST_NANOS);
        // Behind what is still on its way through the connections' own threads.
        CoapsClient.await(connector.startTerminateConnectionsForPrincipal(principal -> false), REST_NANOS);
        // Before what cannot be sent any more ends its observation.
        Set<Observing> observing = new LinkedHashSet<>(Resumption.observing(links.snapshot()));
        endpoint.stop();
        if (executor instanceof ScheduledThreadPoolExecutor) {
            // Timers of what is not acknowledged have nobody to send for any more.
            ((ScheduledThreadPoolExecutor) executor).setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }
        ExecutorsUtil.shutdownExecutorGracefully(STOP_MILLIS, executor);
        try {
            // A thread that still sends would use a sequence number that is saved as unused.
            if (!executor.isTerminated()) {
                return Optional.empty();
            }
            // And those that began, and what was notified, until all came to rest.
            observing.addAll(Resumption.observing(links.snapshot()));
            return Optional.of(ConnectionArchive.save(
                    connector,
                    connectionIdLength,
                    identity,
                    new ConnectionArchive.Content(observations.notificationNumber(), List.copyOf(observing))));
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        } finally {
            endpoint.destroy();
        }
    }
}
