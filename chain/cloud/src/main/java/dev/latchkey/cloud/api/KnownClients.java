package dev.latchkey.cloud.api;

import dev.latchkey.cloud.http.Client;
import dev.latchkey.cloud.http.Doors;
import dev.latchkey.cose.CoseKey;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSession;

/**
 * Tells clients apart for their bounds: by key, whom some chain knows as a member, on a move or a replica; all others by
 * address. Thread-safe. Who somebody is, is looked up at most every ten seconds: a bound is no permission.
 */
public final class KnownClients implements Doors.Clients {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_REMEMBERED = 65_536;

    private final Access access;
    private final Function<SSLSession, Optional<CoseKey>> peerKey;
    private final LongSupplier nanos;
    private final Map<CoseKey, Look> looks = new LinkedHashMap<>(256, 0.75f, true) { // guarded by itself
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<CoseKey, Look> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            };

    private record Look(boolean known, long atNanos) {}

    KnownClients(Access access, Function<SSLSession, Optional<CoseKey>> peerKey, LongSupplier nanos) {
        this.access = access;
        this.peerKey = peerKey;
        this.nanos = nanos;
    }

    /** The clients of a node. */
    public static KnownClients of(Api.Parts parts) {
        return new KnownClients(
                new Access(parts.chains(), parts.peerKey(), parts.peers()), parts.peerKey(), System::nanoTime);
    }

    @Override
    public Client of(SSLSession tls, InetAddress remote) {
        Optional<CoseKey> key = peerKey.apply(tls).filter(this::isKnown);
        return key.isPresent() ? new Client(key.get(), true) : new Client(Visitors.client(remote), false);
    }

    private boolean isKnown(CoseKey key) {
        long now = nanos.getAsLong();
        Look before;
        synchronized (looks) {
            before = looks.get(key);
        }
        if (before != null && now - before.atNanos() < LOOK_NANOS) {
            return before.known();
        }
        boolean known = access.isKnownSomewhere(key);
        if (known) {
            // keys that nobody knows cost nothing to make: they are not worth remembering
            synchronized (looks) {
                looks.put(key, new Look(true, now));
            }
        }
        return known;
    }
}
