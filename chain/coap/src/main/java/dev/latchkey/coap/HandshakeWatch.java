package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ServerLimits.Handshakes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.DtlsException;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionListener;

/**
 * Bounds handshakes: how many are under way, in all and from one address, and how long each may take; safe for use by
 * many threads. A peer that is refused is not told: see {@link ServerConnector}. When there is no room, one that has
 * stalled makes some: who holds handshakes open keeps nobody out.
 */
final class HandshakeWatch implements SessionListener {
    /** Marks a refusal on its way out; a server has no other use for it. */
    static final AlertDescription REFUSAL = AlertDescription.USER_CANCELED;

    /** One that took this part of the longest time has stalled: warm ones take milliseconds and a round trip or two. */
    private static final int STALLED_PART = 10;

    private final Handshakes limits;
    private final Tally tally;

    private final Map<Handshaker, Begun> underWay = new LinkedHashMap<>(); // guarded by this, the oldest first

    private final Map<Bytes, Integer> byAddress = new HashMap<>(); // guarded by this

    private record Begun(long nanos, Bytes address) {}

    HandshakeWatch(Handshakes limits, Tally tally) {
        this.limits = limits;
        this.tally = tally;
    }

    @Override
    public void handshakeStarted(Handshaker handshaker) throws HandshakeException {
        Bytes address =
                Bytes.wrap(SourceBuckets.network(handshaker.getPeerAddress().getAddress()));
        Optional<Handshaker> stalled;
        synchronized (this) {
            stalled = makeRoom(address);
            if (!hasRoom(address)) {
                tally.handshakesRefused.increment();
                throw new HandshakeException("too many handshakes", new AlertMessage(AlertLevel.FATAL, REFUSAL));
            }
            underWay.put(handshaker, new Begun(System.nanoTime(), address));
            byAddress.merge(address, 1, Integer::sum);
            tally.handshakesBegun.increment();
        }
        stalled.ifPresent(HandshakeWatch::giveUp);
    }

    private synchronized boolean hasRoom(Bytes address) {
        return underWay.size() < limits.pending() && of(address) < limits.pendingPerAddress();
    }

    private synchronized int of(Bytes address) {
        return byAddress.getOrDefault(address, 0);
    }

    /** Takes the oldest that is in the way out of the count, if it has stalled. */
    private synchronized Optional<Handshaker> makeRoom(Bytes address) {
        if (hasRoom(address)) {
            return Optional.empty();
        }
        boolean ofAddress = of(address) >= limits.pendingPerAddress();
        long stalledSince = System.nanoTime() - limits.longest().toNanos() / STALLED_PART;
        for (Map.Entry<Handshaker, Begun> oldest : underWay.entrySet()) {
            if (oldest.getValue().nanos() - stalledSince > 0) {
                return Optional.empty();
            }
            if (!ofAddress || oldest.getValue().address().equals(address)) {
                Handshaker stalled = oldest.getKey();
                failed(stalled);
                return Optional.of(stalled);
            }
        }
        return Optional.empty();
    }

    /** Gives up what takes too long; to be called now and then. */
    void sweep() {
        List<Handshaker> late = new ArrayList<>();
        synchronized (this) {
            long latest = System.nanoTime() - limits.longest().toNanos();
            Iterator<Map.Entry<Handshaker, Begun>> all = underWay.entrySet().iterator();
            for (boolean more = true; more && all.hasNext(); ) {
                Map.Entry<Handshaker, Begun> oldest = all.next();
                more = oldest.getValue().nanos() - latest <= 0;
                if (more) {
                    late.add(oldest.getKey());
                }
            }
            late.forEach(this::failed);
        }
        late.forEach(HandshakeWatch::giveUp);
    }

    synchronized int pending() {
        return underWay.size();
    }

    private static void giveUp(Handshaker stalled) {
        try {
            stalled.getConnection().execute(() -> stalled.handshakeFailed(new DtlsException("the handshake stalled")));
        } catch (RejectedExecutionException e) {
            // Its executor has stopped: it is being removed at this moment.
            return;
        }
    }

    private synchronized boolean remove(Handshaker handshaker) {
        Begun begun = underWay.remove(handshaker);
        if (begun == null) {
            return false;
        }
        byAddress.computeIfPresent(begun.address(), (address, count) -> count == 1 ? null : count - 1);
        return true;
    }

    private void failed(Handshaker handshaker) {
        if (remove(handshaker)) {
            tally.handshakesFailed.increment();
        }
    }

    @Override
    public void contextEstablished(Handshaker handshaker, DTLSContext establishedContext) {
        if (remove(handshaker)) {
            tally.handshakesCompleted.increment();
        }
    }

    /** Comes with the first request: the work is long done then. */
    @Override
    public void handshakeCompleted(Handshaker handshaker) {}

    @Override
    public void handshakeFailed(Handshaker handshaker, Throwable error) {
        failed(handshaker);
    }

    @Override
    public void handshakeFlightRetransmitted(Handshaker handshaker, int flight) {}
}
