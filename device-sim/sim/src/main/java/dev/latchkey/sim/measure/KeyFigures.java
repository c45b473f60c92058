package dev.latchkey.sim.measure;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What follows from a timeline. Rates are over the time from the first to the last slice in which there was something
 * to count, so that joining before and waiting after do not dilute them. Immutable.
 *
 * @param sentPerSecond readings
 * @param upBytesPerReading UDP payload bytes from the devices, in the slices from the first that sent to the last that
 *     acknowledged or sent, by readings sent; 0 when the wire was not measured
 * @param downBytesPerReading likewise to the devices
 * @param cpuNanosPerReading processor time of this process in the same slices, by readings sent
 */
record KeyFigures(
        double sentPerSecond,
        double acknowledgedPerSecond,
        double openedPerSecond,
        double upBytesPerReading,
        double downBytesPerReading,
        double cpuNanosPerReading) {
    static KeyFigures of(Timeline timeline) {
        List<Slice> slices = timeline.slices();
        ToLongFunction<Slice> traffic =
                slice -> slice.sent() + slice.acknowledged().count();
        List<Slice> sending = active(slices, traffic);
        long sent = Math.max(1, timeline.sent());
        WireCounts wire = sending.stream().map(Slice::wire).reduce(WireCounts.NONE, WireCounts::plus);
        long cpu = sending.stream().mapToLong(Slice::cpuNanos).sum();
        return new KeyFigures(
                rate(slices, Slice::sent),
                rate(slices, slice -> slice.acknowledged().count()),
                rate(slices, slice -> slice.opened().count()),
                (double) wire.upBytes() / sent,
                (double) wire.downBytes() / sent,
                (double) cpu / sent);
    }

    static double rate(List<Slice> slices, ToLongFunction<Slice> counted) {
        List<Slice> active = active(slices, counted);
        long nanos = active.stream().mapToLong(Slice::widthNanos).sum();
        return nanos == 0 ? 0 : active.stream().mapToLong(counted).sum() * 1e9 / nanos;
    }

    private static List<Slice> active(List<Slice> slices, ToLongFunction<Slice> counted) {
        int from = 0;
        int to = slices.size();
        while (from < to && counted.applyAsLong(slices.get(from)) == 0) {
            from++;
        }
        while (to > from && counted.applyAsLong(slices.get(to - 1)) == 0) {
            to--;
        }
        return slices.subList(from, to);
    }
}
