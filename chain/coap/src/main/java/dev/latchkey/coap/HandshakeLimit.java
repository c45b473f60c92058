package dev.latchkey.coap;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionListener;

/**
 * Refuses handshakes beyond a number under way at once; safe for use by many threads. The peer is not told: see {@link
 * ServerConnector}.
 */
final class HandshakeLimit implements SessionListener {
    /** Marks a refusal on its way out; a server has no other use for it. */
    static final AlertDescription REFUSAL = AlertDescription.USER_CANCELED;

    private final int limit;
    private final Set<Handshaker> underWay = ConcurrentHashMap.newKeySet();

    HandshakeLimit(int limit) {
        this.limit = limit;
    }

    @Override
    public void handshakeStarted(Handshaker handshaker) throws HandshakeException {
        if (underWay.size() >= limit) {
            throw new HandshakeException("too many handshakes", new AlertMessage(AlertLevel.FATAL, REFUSAL));
        }
        underWay.add(handshaker);
    }

    @Override
    public void contextEstablished(Handshaker handshaker, DTLSContext establishedContext) {
        underWay.remove(handshaker);
    }

    /** Comes with the first request: the work is long done then. */
    @Override
    public void handshakeCompleted(Handshaker handshaker) {}

    @Override
    public void handshakeFailed(Handshaker handshaker, Throwable error) {
        underWay.remove(handshaker);
    }

    @Override
    public void handshakeFlightRetransmitted(Handshaker handshaker, int flight) {}
}
