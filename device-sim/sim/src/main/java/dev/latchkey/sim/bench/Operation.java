package dev.latchkey.sim.bench;

import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.coap.relay.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One thing that a device does, with what it cost each time. For one thread. */
final class Operation {
    private static final double NANOS_OF_A_MILLI = 1e6;

    private final String title;
    private final List<Cost> costs = new ArrayList<>();

    /**
     * @param nanos of CPU
     * @param up what the device sent
     * @param down what it got
     * @param parts how many of the operation were done in one go
     */
    private record Cost(long nanos, Traffic up, Traffic down, int parts) {}

    /** Does it. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    Operation(String title) {
        this.title = title;
    }

    /** Does it once, or several times in one go, while no other device does anything. */
    void measure(ImpairmentRelay relay, int parts, Step step) throws Exception {
        Traffic up = relay.up();
        Traffic down = relay.down();
        long nanos = ThreadsTime.nanos();
        step.run();
        costs.add(new Cost(
                ThreadsTime.nanos() - nanos, relay.up().since(up), relay.down().since(down), parts));
    }

    /** Bytes of UDP payload in both directions, those of handshakes apart. */
    long bytes() {
        return sent() + received();
    }

    private long sent() {
        return Math.round(median(cost -> cost.up.sentBytes() - cost.up.handshakeBytes()));
    }

    private long received() {
        return Math.round(median(cost -> cost.down.sentBytes() - cost.down.handshakeBytes()));
    }

    double cpuMillis() {
        return median(Cost::nanos) / NANOS_OF_A_MILLI;
    }

    private double median(ToDoubleFunction<Cost> figure) {
        return new Samples(costs.stream()
                        .mapToDouble(cost -> figure.applyAsDouble(cost) / cost.parts)
                        .toArray())
                .median();
    }

    static Figures figures() {
        return new Figures(
                "device", "operation", "times", "sent B", "received B", "datagrams", "handshake B", "CPU ms");
    }

    void addTo(Figures figures) {
        figures.row(
                title,
                costs.stream().mapToInt(Cost::parts).sum(),
                sent(),
                received(),
                DeviceBench.rounded(median(cost -> cost.up.sent() + cost.down.sent())),
                Math.round(median(cost -> cost.up.handshakeBytes() + cost.down.handshakeBytes())),
                DeviceBench.rounded(cpuMillis()));
    }
}
