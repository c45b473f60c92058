package dev.latchkey.gateway.admin;

import dev.latchkey.coap.CoapsServer;
import dev.latchkey.coap.ServerLimits;
import dev.latchkey.cose.KeyPair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The gateway's two CoAP servers.
 *
 * @param devices where devices connect
 * @param admins where administrators connect
 */
public record Endpoints(CoapsServer devices, CoapsServer admins) {
    /** Other bounds on requests and observations of both. */
    public void limit(ServerLimits limits) {
        devices.limit(limits.requests(), limits.observing());
        admins.limit(limits.requests(), limits.observing());
    }

    /**
     * Both show another key from now on. The devices' connections end, with close_notify: they come back and check it
     * against the chain. An administrator's goes on, who may be looking at the job that does this.
     */
    public void identity(KeyPair dtls) {
        devices.identity(dtls);
        admins.identity(dtls);
        devices.close(peer -> true);
    }

    /** All connections, by their numbers. */
    List<SessionRow> sessions() {
        List<SessionRow> all = new ArrayList<>();
        devices.connections().forEach(one -> all.add(new SessionRow("devices", one)));
        admins.connections().forEach(one -> all.add(new SessionRow("admins", one)));
        all.sort(Comparator.comparingLong(row -> row.connected().id()));
        return all;
    }

    /** Ends one connection; false if it is not there. */
    boolean close(long id) {
        return devices.close(id) || admins.close(id);
    }
}
