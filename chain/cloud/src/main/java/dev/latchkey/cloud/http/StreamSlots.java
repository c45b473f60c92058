package dev.latchkey.cloud.http;

import java.util.HashMap;
import java.util.Map;

/** The streamed answers that are open, in all and of each client. Thread-safe. */
final class StreamSlots {
    private final int most;
    private final int mostOfOne;
    private final Map<Client, Integer> open = new HashMap<>(); // guarded by this
    private int all; // guarded by this

    StreamSlots(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Takes a slot; false if there is none left in all, or for this client. */
    synchronized boolean take(Client client) {
        int own = open.getOrDefault(client, 0);
        if (all >= most || own >= mostOfOne) {
            return false;
        }
        open.put(client, own + 1);
        all++;
        return true;
    }

    synchronized void free(Client client) {
        all--;
        open.computeIfPresent(client, (key, own) -> own > 1 ? own - 1 : null);
    }
}
