package dev.latchkey.coap.relay;

/** One direction of a relay; for the relay's thread, the meter for any. */
final class Direction {
    private static final double NANOS_OF_A_SECOND = 1e9;

    final boolean up;
    final TrafficMeter meter = new TrafficMeter();
    private Impairment impairment = Impairment.NONE;
    private long freeAtNanos = System.nanoTime();

    /**
     * @param up towards the server
     */
    Direction(boolean up) {
        this.up = up;
    }

    Impairment impairment() {
        return impairment;
    }

    void impair(Impairment from) {
        impairment = from;
    }

    /** Nanoseconds until a datagram of this size has had its turn on the channel. */
    long turn(int bytes) {
        if (impairment.bytesPerSecond() == Impairment.ANY_RATE) {
            return 0;
        }
        long now = System.nanoTime();
        long begin = freeAtNanos - now > 0 ? freeAtNanos : now;
        freeAtNanos = begin + (long) (bytes * NANOS_OF_A_SECOND / impairment.bytesPerSecond());
        return freeAtNanos - now;
    }
}
