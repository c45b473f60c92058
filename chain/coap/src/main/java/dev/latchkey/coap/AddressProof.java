package dev.latchkey.coap;

import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.californium.core.coap.Response;

/**
 * Which address of a peer is proved to be its own; safe for use by many threads. A record with its connection ID may have
 * been taken by somebody and sent on from the address of a third party (RFC 9146, section 6). So one notification at a
 * time goes to an address from which nothing was acknowledged yet, and the others wait.
 */
final class AddressProof {
    private final Set<ServerObservation> held = new LinkedHashSet<>(); // guarded by this
    private InetSocketAddress proved; // guarded by this
    private InetSocketAddress asked; // guarded by this
    private Response question; // guarded by this
    private ServerObservation asker; // guarded by this

    /** The peer answered there in its handshake. */
    synchronized void prove(InetSocketAddress address) {
        proved = address;
    }

    /**
     * Whether a notification may be sent; if not, its observation is run again when it may.
     *
     * @param current where it would go; null if that is not known
     */
    synchronized boolean admit(InetSocketAddress current, Response notification, ServerObservation observation) {
        if (current == null || current.equals(proved)) {
            return true;
        }
        if (question == null) {
            question = notification;
            asker = observation;
            asked = current;
            return true;
        }
        held.add(observation);
        return false;
    }

    /** Whether a notification may be sent again. */
    synchronized boolean mayRepeat(InetSocketAddress current, Response notification) {
        return current == null || current.equals(proved) || notification == question;
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
            if (proof) {
                proved = asked;
            }
            question = null;
            asker = null;
            free = List.copyOf(held);
            held.clear();
        }
        free.forEach(ServerObservation::run);
    }
}
