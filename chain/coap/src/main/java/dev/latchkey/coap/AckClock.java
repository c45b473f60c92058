package dev.latchkey.coap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledges requests whose handler takes long, so that the client does not repeat them; the response then follows by
 * itself (RFC 7252, section 5.2.2). Safe for use by many threads. All wait equally long, so a queue replaces timers.
 */
final class AckClock {
    /** Half of ACK_TIMEOUT: most answers still travel with their acknowledgement. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private static final long PERIOD_MILLIS = 250;
    private static final Logger LOG = LoggerFactory.getLogger(AckClock.class);

    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final Set<Exchange> acknowledged = ConcurrentHashMap.newKeySet();

    /** A request that waits for its answer; without the answer's request when that has come, for those are many. */
    static final class Waiting {
        private final long since = System.nanoTime();
        private volatile Optional<Exchange> exchange;

        private Waiting(Exchange exchange) {
            this.exchange = Optional.of(exchange);
        }

        void answered() {
            exchange = Optional.empty();
        }
    }

    void start(ProtocolScheduledExecutorService executor) {
        executor.scheduleBackgroundWithFixedDelay(this::tick, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Acknowledges this request if it is not answered soon. */
    Waiting watch(Exchange exchange) {
        Waiting waiting = new Waiting(exchange);
        queue.add(waiting);
        return waiting;
    }

    /** Answers those that wait for their response and would wait in vain; returns when that is on its way. */
    void refuseWaiting(long nanos) {
        queue.forEach(waiting -> waiting.exchange.ifPresent(acknowledged::add));
        List<CompletableFuture<Void>> answering = new ArrayList<>();
        for (Exchange exchange : acknowledged) {
            answering.add(CompletableFuture.runAsync(() -> refuse(exchange), exchange::execute));
        }
        CoapsClient.await(CompletableFuture.allOf(answering.toArray(new CompletableFuture<?>[0])), nanos);
    }

    /** On its own thread, where its answer is sent as well: it gets one. */
    private static void refuse(Exchange exchange) {
        if (exchange.getCurrentResponse() == null) {
            exchange.sendResponse(ResponseWriter.write(Refusals.STOPPING, List.of()));
        }
    }

    private void tick() {
        acknowledged.removeIf(exchange -> exchange.getCurrentResponse() != null || exchange.isComplete());
        long now = System.nanoTime();
        for (Waiting head = queue.peek(); head != null && now - head.since > PATIENCE_NANOS; head = queue.peek()) {
            queue.poll();
            head.exchange.ifPresent(this::accept);
        }
    }

    private void accept(Exchange exchange) {
        try {
            exchange.execute(() -> {
                if (!exchange.isComplete()) {
                    exchange.sendAccept();
                    acknowledged.add(exchange);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the server stops", e);
        }
    }
}
