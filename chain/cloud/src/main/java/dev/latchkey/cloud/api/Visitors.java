package dev.latchkey.cloud.api;

import dev.latchkey.cloud.http.Refusal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Bounds the requests of callers whom no chain knows: each costs signature checks, and keys cost nothing. Thread-safe. A
 * client is an address, or a /64 of IPv6, since such a block is one customer's.
 */
final class Visitors {
    /** Requests that are worked on at one time. */
    static final int MAX_IN_ALL = 64;

    /** Requests of one client that are worked on at one time. */
    static final int MAX_OF_ONE = 8;

    private static final int PREFIX_BYTES = 8;

    private final Map<InetAddress, Integer> working = new HashMap<>(); // guarded by this
    private int all; // guarded by this

    /** Works on a request, unless too many are worked on already. */
    <T> CompletionStage<T> admit(InetAddress remote, Supplier<CompletionStage<T>> work) {
        InetAddress client = client(remote);
        enter(client);
        CompletionStage<T> stage;
        try {
            stage = work.get();
        } catch (RuntimeException e) {
            leave(client);
            throw e;
        }
        return stage.whenComplete((answer, fault) -> leave(client));
    }

    private synchronized void enter(InetAddress client) {
        int own = working.getOrDefault(client, 0);
        if (all >= MAX_IN_ALL || own >= MAX_OF_ONE) {
            throw Refusal.overloaded();
        }
        working.put(client, own + 1);
        all++;
    }

    private synchronized void leave(InetAddress client) {
        all--;
        working.computeIfPresent(client, (key, own) -> own > 1 ? own - 1 : null);
    }

    /** The address that a client is counted by. */
    static InetAddress client(InetAddress remote) {
        if (!(remote instanceof Inet6Address)) {
            return remote;
        }
        byte[] prefix = Arrays.copyOf(Arrays.copyOf(remote.getAddress(), PREFIX_BYTES), 2 * PREFIX_BYTES);
        try {
            return InetAddress.getByAddress(prefix);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are an address", e);
        }
    }
}
