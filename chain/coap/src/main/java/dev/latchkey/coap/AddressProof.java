package dev.latchkey.coap;

import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.californium.core.coap.Response;

/**
 * Which address of a peer is proved to be its own; safe for use by many threads. A record with its connection ID may have
 * been taken by somebody and sent on from the address of a third party (RFC 9146, section 6). So one notification at a
 * time goes to an address from which nothing was acknowledged yet, and the others wait. All wait while the peer has no
 * address, since another one has come from it: where the peer is now its next request tells.
 */
final class AddressProof {
    private final Set<ServerObservation> held = new LinkedHashSet<>(); // guarded by this
    private InetSocketAddress proved; // guarded by this
    private InetSocketAddress asked; // guarded by this; null if what was asked went to several addresses
    private Response question; // guarded by this
    private ServerObservation asker; // guarded by this
    private volatile boolean lost;

    /** The peer answered there in its handshake. */
    synchronized void prove(InetSocketAddress address) {
        proved = address;
    }

    /**
     * Whether a notification may be sent; if not, its observation is run again when it may.
     *
     * @param current where it would go; null if that is not known
     */
    boolean admit(InetSocketAddress current, Response notification, ServerObservation observation) {
        Response replaced;
        synchronized (this) {
            boolean known = current != null && current.equals(proved);
            if (!known && current != null && question == null) {
                question = notification;
                asker = observation;
                asked = current;
                return true;
            }
            if (!known) {
                lost |= current == null;
                held.add(observation);
                return false;
            }
            replaced = observation == asker ? question : null;
        }
        if (replaced != null) {
            // It may have waited behind another one and not be sent any more, without a word.
            failed(replaced);
        }
        return true;
    }

    /** Whether a notification may be sent again. */
    synchronized boolean mayRepeat(InetSocketAddress current, Response notification) {
        if (notification == question && current != null && !current.equals(asked)) {
            // Its acknowledgement does not tell any more from where it came.
            asked = null;
        }
        return current != null && (current.equals(proved) || notification == question);
    }

    /** A request has come from the peer, so it has an address again. */
    void heard() {
        if (lost) {
            List<ServerObservation> free;
            synchronized (this) {
                lost = false;
                free = free();
            }
            free.forEach(ServerObservation::run);
        }
    }

    /** A notification was acknowledged. */
    void acknowledged(Response notification) {
        release(notification, true);
    }

    /** A notification was given up. */
    void failed(Response notification) {
        release(notification, false);
    }

    /** An observation is over, and what it asked with it. */
    void ended(ServerObservation observation) {
        Response open;
        synchronized (this) {
            held.remove(observation);
            open = observation == asker ? question : null;
        }
        if (open != null) {
            failed(open);
        }
    }

    private void release(Response notification, boolean proof) {
        List<ServerObservation> free;
        synchronized (this) {
            if (notification != question) {
                return;
            }
            if (proof && asked != null) {
                proved = asked;
            }
            question = null;
            asker = null;
            free = free();
        }
        free.forEach(ServerObservation::run);
    }

    private synchronized List<ServerObservation> free() {
        List<ServerObservation> free = List.copyOf(held);
        held.clear();
        return free;
    }
}
