package dev.latchkey.coap;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A rate for each sender in a fixed amount of memory; safe for use by many threads. Senders are IPv4 addresses and IPv6
 * networks of 64 bits. They share 4,096 buckets by a secret hash, so that nobody can choose whose he empties.
 */
final class SourceBuckets {
    private static final int BUCKETS = 4_096;
    private static final int NETWORK_BYTES = 8;

    private final TokenBucket[] buckets = new TokenBucket[BUCKETS];
    private final int secret = new SecureRandom().nextInt();

    SourceBuckets(int perSecond) {
        long now = System.nanoTime();
        Arrays.setAll(buckets, i -> new TokenBucket(perSecond, perSecond, now));
    }

    boolean tryTake(InetAddress from, long nowNanos) {
        int hash = secret;
        for (byte part : network(from)) {
            hash = (hash ^ part) * 0x9E3779B1;
            hash ^= hash >>> 15;
        }
        return buckets[Math.floorMod(hash, BUCKETS)].tryTake(nowNanos);
    }

    /** What tells senders apart: who has an IPv6 address has a network of them. */
    static byte[] network(InetAddress address) {
        byte[] all = address.getAddress();
        return address instanceof Inet6Address ? Arrays.copyOf(all, NETWORK_BYTES) : all;
    }
}
