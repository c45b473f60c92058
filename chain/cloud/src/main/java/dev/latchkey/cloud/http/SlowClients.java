package dev.latchkey.cloud.http;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes the connections of clients that dawdle: an idle time-out alone is kept away by one byte now and then.
 * Thread-safe.
 *
 * <p>A new connection has so long for its first request, handshake and headers together; one without a request under way
 * has the idle time for the next; what is written must be taken in time. The body of a request has a bound of its own,
 * in {@link BodyReader}.
 */
final class SlowClients implements Connection.Listener {
    private static final long SWEEPS_IN_LIMIT = 4;

    private final long requestNanos;
    private final long idleNanos;
    private final long readerNanos;
    private final long sweepMillis;
    private final Doors.Observer observer;
    private final Map<Object, Watched> connections = new ConcurrentHashMap<>();
    private final Set<Write> writes = ConcurrentHashMap.newKeySet();

    private static final class Watched {
        private final EndPoint endPoint;
        private final AtomicInteger requests = new AtomicInteger();
        private volatile long quietSince = System.nanoTime();
        private volatile boolean served;

        Watched(EndPoint endPoint) {
            this.endPoint = endPoint;
        }
    }

    /** Something on its way to a client. */
    final class Write {
        private final EndPoint endPoint;
        private final long since = System.nanoTime();

        private Write(EndPoint endPoint) {
            this.endPoint = endPoint;
        }

        /** It was taken, or the client is gone. */
        void over() {
            writes.remove(this);
        }
    }

    SlowClients(HttpsSettings settings, Doors.Observer observer) {
        this.requestNanos = settings.requestTime().toNanos();
        this.idleNanos = settings.idleTimeout().toNanos();
        this.readerNanos = settings.readerTime().toNanos();
        this.observer = observer;
        Duration shortest = settings.requestTime().compareTo(settings.readerTime()) < 0
                ? settings.requestTime()
                : settings.readerTime();
        this.sweepMillis = Math.max(10, Math.min(1_000, shortest.toMillis() / SWEEPS_IN_LIMIT));
    }

    /** Looks after the connections from now on, until the scheduler ends. */
    void start(Scheduler scheduler) {
        scheduler.schedule(
                () -> {
                    sweep(System.nanoTime());
                    if (scheduler.isRunning()) {
                        start(scheduler);
                    }
                },
                sweepMillis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint endPoint = network(connection.getEndPoint());
        connections.computeIfAbsent(endPoint.getTransport(), socket -> new Watched(endPoint));
    }

    @Override
    public void onClosed(Connection connection) {
        EndPoint endPoint = network(connection.getEndPoint());
        if (!endPoint.isOpen()) {
            connections.remove(endPoint.getTransport());
        }
    }

    /** A request's headers are there. */
    void begins(EndPoint endPoint) {
        Watched watched = connections.get(network(endPoint).getTransport());
        if (watched != null) {
            watched.requests.incrementAndGet();
            watched.served = true;
        }
    }

    /** The request is answered, or failed. */
    void ends(EndPoint endPoint) {
        Watched watched = connections.get(network(endPoint).getTransport());
        if (watched != null) {
            watched.quietSince = System.nanoTime();
            watched.requests.decrementAndGet();
        }
    }

    /** Something is being written. */
    Write writing(EndPoint endPoint) {
        Write write = new Write(network(endPoint));
        writes.add(write);
        return write;
    }

    /** Connections that are open. */
    int open() {
        return connections.size();
    }

    private void sweep(long now) {
        connections.forEach((socket, watched) -> {
            if (!watched.endPoint.isOpen()) {
                connections.remove(socket);
            } else if (watched.requests.get() <= 0 && now - watched.quietSince > limit(watched)) {
                observer.cut(watched.served ? "idle" : "head");
                connections.remove(socket);
                watched.endPoint.close();
            }
        });
        for (Write write : writes) {
            if (now - write.since > readerNanos && writes.remove(write)) {
                observer.cut("reader");
                write.endPoint.close();
            }
        }
    }

    private long limit(Watched watched) {
        return watched.served ? idleNanos : requestNanos;
    }

    /** The end of the network connection below TLS. */
    private static EndPoint network(EndPoint endPoint) {
        EndPoint below = endPoint;
        while (below.getTransport() instanceof EndPoint next) {
            below = next;
        }
        return below;
    }
}
