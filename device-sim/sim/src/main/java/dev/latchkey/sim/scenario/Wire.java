package dev.latchkey.sim.scenario;

import dev.latchkey.coap.relay.ImpairmentRelay;
import dev.latchkey.coap.relay.Traffic;
import dev.latchkey.sim.measure.WireCounts;
import java.io.IOException;
import java.net.InetSocketAddress;

/** What all datagrams between a fleet and its gateway pass through: counted, and impaired as asked for. Safe for use by many threads. */
final class Wire implements AutoCloseable {
    private final ImpairmentRelay relay;
    private final boolean impaired;

    private Wire(ImpairmentRelay relay, boolean impaired) {
        this.relay = relay;
        this.impaired = impaired;
    }

    static Wire to(InetSocketAddress gateway, Impairments impairments, long seed) throws IOException {
        Wire wire = new Wire(new ImpairmentRelay(gateway, seed), impairments.any());
        wire.relay.impair(impairments.eachWay(), impairments.eachWay());
        impairments.rebinding().ifPresent(wire.relay::rebindEvery);
        return wire;
    }

    InetSocketAddress address() {
        return relay.address();
    }

    /** What devices and gateway sent, whatever became of it. */
    WireCounts counts() {
        Traffic up = relay.up();
        Traffic down = relay.down();
        return new WireCounts(up.sent(), up.sentBytes(), down.sent(), down.sentBytes());
    }

    /** Both directions together. */
    Traffic traffic() {
        return relay.up().plus(relay.down());
    }

    /** Whether anything happens to datagrams here. */
    boolean impaired() {
        return impaired;
    }

    long rebindings() {
        return relay.rebindings();
    }

    @Override
    public void close() {
        relay.close();
    }
}
