package dev.latchkey.sim.measure;

/**
 * UDP datagrams and their payload bytes, in both directions: up is from the devices to the gateway. Either totals since
 * some begin, which only grow, or what passed in a span of time. Immutable.
 */
public record WireCounts(long upDatagrams, long upBytes, long downDatagrams, long downBytes) {
    public static final WireCounts NONE = new WireCounts(0, 0, 0, 0);

    public long bytes() {
        return upBytes + downBytes;
    }

    /** What came on top of an earlier total; a source that began again at 0 counts from there. */
    WireCounts since(WireCounts earlier) {
        return new WireCounts(
                grown(upDatagrams, earlier.upDatagrams),
                grown(upBytes, earlier.upBytes),
                grown(downDatagrams, earlier.downDatagrams),
                grown(downBytes, earlier.downBytes));
    }

    WireCounts plus(WireCounts other) {
        return new WireCounts(
                upDatagrams + other.upDatagrams,
                upBytes + other.upBytes,
                downDatagrams + other.downDatagrams,
                downBytes + other.downBytes);
    }

    private static long grown(long now, long before) {
        return now >= before ? now - before : now;
    }
}
