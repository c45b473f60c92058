package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Endpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.observe.ObserveRelation;

/**
 * One peer's observation of one resource (RFC 7641); safe for use by many threads. It belongs to the connection, not to
 * an address. Its handler runs once at a time: changes during a run lead to one run more.
 */
final class ServerObservation extends ObserveRelation {
    private final Observations all;
    private final PeerLink link;
    private final Route route;
    private final CoapRequest request;
    private final List<Bytes> held;
    private boolean running; // guarded by this
    private boolean again; // guarded by this
    private final long paceNanos;
    private volatile long toldNanos;
    private boolean answered; // on the executor of the exchange, as the next
    private boolean resumed;
    private boolean quiet;

    ServerObservation(Observations all, Exchange exchange, PeerLink link, Route route, CoapRequest request) {
        super(all, all, exchange);
        this.all = all;
        this.link = link;
        this.route = route;
        this.request = request;
        this.held = RequestReader.etags(exchange.getRequest());
        this.paceNanos = route.pace().apply(request).toNanos();
        this.toldNanos = System.nanoTime();
    }

    PeerLink link() {
        return link;
    }

    Route route() {
        return route;
    }

    CoapRequest request() {
        return request;
    }

    /** Whether it hears of changes at a pace of its own. */
    boolean isPaced() {
        return paceNanos > 0;
    }

    /** From when on it may hear of a change, as System.nanoTime() counts. */
    long dueNanos() {
        return toldNanos + paceNanos;
    }

    /** Runs at the moment that it was due, or later. */
    void runDue(long nowNanos) {
        toldNanos = nowNanos;
        if (!isCanceled()) {
            run();
        }
    }

    /**
     * Makes it one that is taken over from a server before this one: its peer was answered there, so what comes first is
     * a notification, and as long as the handler asks to come again later nothing.
     */
    void resume() {
        resumed = true;
        quiet = true;
        all.runSoon(this);
    }

    /** Runs the handler and sends what it answers: the first response, later the notifications. */
    void run() {
        synchronized (this) {
            if (running) {
                again = true;
                return;
            }
            running = true;
        }
        route.answer(request).thenAccept(response -> getExchange().execute(() -> send(response)));
    }

    private void send(CoapResponse response) {
        Response written = ResponseWriter.write(response, held);
        if (response.code().isSuccess()) {
            written.getOptions().setObserve(all.getNotificationSequenceNumber());
        }
        boolean later = quiet && response.code().equals(Code.SERVICE_UNAVAILABLE);
        if (!later && isAdmitted(written)) {
            quiet = false;
            if (!isCanceled()) {
                if (answered) {
                    all.notified();
                }
                answered = true;
                getExchange().sendResponse(written);
            }
            if (!response.code().isSuccess()) {
                all.removeObserveRelation(this);
            }
        }
        synchronized (this) {
            running = false;
            if (!again) {
                return;
            }
            again = false;
        }
        if (!isCanceled()) {
            run();
        }
    }

    /** The answer to a request goes where it came from; a notification where the peer is known to be. */
    private boolean isAdmitted(Response written) {
        if (!isEstablished() && !resumed) {
            return true;
        }
        written.addMessageObserver(new NotificationWatch(this, written));
        return link.proof().admit(link.address(), written, this);
    }

    /**
     * Ends it with a last notification, which waits for none that is under way and is sent once: what comes after it is
     * the end of the connection.
     *
     * @return done when it is on its way
     */
    CompletableFuture<Void> finish(CoapResponse last, Executor executor) {
        Request registration = getExchange().getRequest();
        Endpoint endpoint = getExchange().getEndpoint();
        cancel();
        all.removeObserveRelation(this);
        // An exchange of its own: the observation's sends nothing while its peer owes an acknowledgement.
        Exchange exchange = new Exchange(registration, link, Exchange.Origin.REMOTE, executor);
        exchange.setEndpoint(endpoint);
        Response written = ResponseWriter.write(last, List.of());
        written.setType(Type.NON);
        return CompletableFuture.runAsync(() -> exchange.sendResponse(written), exchange::execute);
    }

    /** Californium calls it when a notification is not acknowledged, to end all of that address: here, that peer. */
    @Override
    public void cancelAll() {
        all.end(link);
    }
}
