package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import java.util.List;
import org.eclipse.californium.core.coap.Response;
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
    private boolean answered; // on the executor of the exchange
    private final long paceNanos;
    private volatile long toldNanos;
    private boolean quiet; // for the exchange's thread

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
        quiet = true;
        run();
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
        if (!later) {
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

    /** Californium calls it when a notification is not acknowledged, to end all of that address: here, that peer. */
    @Override
    public void cancelAll() {
        all.end(link);
    }
}
