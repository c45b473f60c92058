package dev.latchkey.coap;

import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.observe.ObserveNotificationOrderer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's side of an observation; safe for use by many threads. Responses are handed over one at a time, in their
 * order, and none after an end.
 */
final class ClientObservation implements Observation {
    private static final Logger LOG = LoggerFactory.getLogger(ClientObservation.class);

    private final CoapsClient client;
    private final Request request;
    private final Consumer<CoapResponse> onNext;
    private final Consumer<Throwable> onError;
    private final ObserveNotificationOrderer order = new ObserveNotificationOrderer();
    private volatile boolean active = true;

    ClientObservation(CoapsClient client, Request request, Consumer<CoapResponse> onNext, Consumer<Throwable> onError) {
        this.client = client;
        this.request = request;
        this.onNext = onNext;
        this.onError = onError;
    }

    Request request() {
        return request;
    }

    /** A response to the registration or a notification. One without Observe is the last (RFC 7641, section 3.2). */
    synchronized void accept(Response response) {
        if (!active || !order.isNew(response)) {
            return;
        }
        boolean last = !response.isNotification();
        if (last) {
            stop();
        }
        Optional<CoapResponse> read = ResponseReader.read(response);
        if (read.isEmpty()) {
            LOG.warn("a malformed notification is dropped");
            return;
        }
        try {
            onNext.accept(read.get());
        } catch (RuntimeException e) {
            LOG.warn("an observer failed", e);
        }
    }

    synchronized void fail(Throwable cause) {
        if (!active) {
            return;
        }
        stop();
        try {
            onError.accept(cause);
        } catch (RuntimeException e) {
            LOG.warn("an observer failed", e);
        }
    }

    private void stop() {
        active = false;
        client.forget(this);
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (!active) {
                return;
            }
            stop();
        }
        client.deregister(this);
    }

    @Override
    public boolean isActive() {
        return active;
    }
}
