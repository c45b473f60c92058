package dev.latchkey.cloud.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many requests in a second each client may make: a bucket of tokens each, as large as two seconds' worth.
 * Thread-safe. The clients that were quiet for longest are forgotten, which fills their buckets.
 */
final class Rates {
    /** Clients that are remembered; about 10 MB. */
    private static final int MAX_CLIENTS = 65_536;

    private static final int BURST_SECONDS = 2;
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int knownPerSecond;
    private final int othersPerSecond;
    private final LongSupplier nanos;
    private final Map<Client, Bucket> buckets = new LinkedHashMap<>(256, 0.75f, true) { // guarded by this
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Client, Bucket> eldest) {
                    return size() > MAX_CLIENTS;
                }
            };

    private static final class Bucket {
        private double tokens;
        private long filledNanos;
    }

    Rates(int knownPerSecond, int othersPerSecond, LongSupplier nanos) {
        this.knownPerSecond = knownPerSecond;
        this.othersPerSecond = othersPerSecond;
        this.nanos = nanos;
    }

    /** Lets a request pass and answers 0, or refuses it and answers after how many seconds one will pass. */
    synchronized int take(Client client) {
        int perSecond = client.known() ? knownPerSecond : othersPerSecond;
        long now = nanos.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(client, first -> {
            Bucket full = new Bucket();
            full.tokens = (double) BURST_SECONDS * perSecond;
            full.filledNanos = now;
            return full;
        });
        double gained = (now - bucket.filledNanos) / NANOS * perSecond;
        bucket.tokens = Math.min((double) BURST_SECONDS * perSecond, bucket.tokens + gained);
        bucket.filledNanos = now;
        if (bucket.tokens >= 1) {
            bucket.tokens--;
            return 0;
        }
        return Math.max(1, (int) Math.ceil((1 - bucket.tokens) / perSecond));
    }
}
