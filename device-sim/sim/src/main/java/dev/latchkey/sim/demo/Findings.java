package dev.latchkey.sim.demo;

import dev.latchkey.coap.relay.DatagramSizes;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.sim.fleet.Account;
import dev.latchkey.sim.measure.Latency;
import dev.latchkey.sim.measure.Timeline;
import java.time.Duration;
import java.util.Optional;

/**
 * What a campaign found out.
 *
 * @param timeline how long it took
 * @param onWire sizes of datagrams, if a handheld that only sends could be measured
 */
record Findings(Account account, Timeline timeline, Optional<OnWire> onWire) {
    /**
     * Bytes of UDP payload, as the relay saw them pass.
     *
     * @param reading a datagram with a sealed reading, the median
     * @param answer the gateway's acknowledgement, the median
     * @param datagrams how many were measured
     */
    record OnWire(int reading, int answer, long datagrams) {
        /** Nothing, if nothing passed. */
        static Optional<OnWire> of(DatagramSizes up, DatagramSizes down) {
            return up.datagrams() == 0 || down.datagrams() == 0
                    ? Optional.empty()
                    : Optional.of(new OnWire(up.median(), down.median(), up.datagrams()));
        }
    }

    /** The rows about readings, bytes and times. */
    void addTo(Table table) {
        table.row("readings sent", account.sent(), "of " + Units.count(account.planned()) + " planned");
        table.row("  acknowledged on disk", account.acknowledged(), "2.04 from the gateway, after its fsync");
        table.row("  opened", account.opened(), "by the member they were sealed to");
        table.row("  equal to the source", account.equal(), "four values, their units and the day, exactly");
        onWire.ifPresent(bytes -> {
            table.row(
                    "bytes of a reading",
                    Units.bytes(bytes.reading()),
                    "UDP payload through a relay, median of " + Units.count(bytes.datagrams()) + " datagrams");
            table.row("bytes of its answer", Units.bytes(bytes.answer()), "likewise");
        });
        Latency opening = timeline.opened();
        if (opening.count() > 0) {
            table.row("send to opened, p50", Duration.ofNanos(opening.p50Nanos()), "all handhelds sending at once");
            table.row("send to opened, p99", Duration.ofNanos(opening.p99Nanos()), "");
        }
        Latency joins = timeline.events().getOrDefault("joined", Latency.NONE);
        if (joins.count() > 0) {
            table.row(
                    "join, p50",
                    Duration.ofNanos(joins.p50Nanos()),
                    "keys, handshakes, verified at the gateway, receipt checked");
            table.row("join, p99", Duration.ofNanos(joins.p99Nanos()), "");
        }
    }
}
