package dev.latchkey.coap.relay;

/**
 * Chance by a seed: what falls for a datagram depends on the seed, its client, its direction and its number among that
 * client's alone, so other clients and the other direction do not change it. For one thread. SplitMix64 (Steele, Lea
 * and Flood 2014).
 */
final class Dice {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int UNUSED_BITS = 11;
    private static final double UNIT = 0x1.0p-53;

    private final long seed;
    private long state;

    Dice(long seed) {
        this.seed = seed;
    }

    /** Begins anew for one datagram. */
    Dice of(int client, boolean up, long number) {
        state = mix(mix(mix(seed + GOLDEN) + client * 2L + (up ? 1 : 0)) + number);
        return this;
    }

    /** 0 to below 1. */
    double roll() {
        state += GOLDEN;
        return (mix(state) >>> UNUSED_BITS) * UNIT;
    }

    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
