package dev.latchkey.sim.demo;

import dev.latchkey.coap.relay.DatagramSizes;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.sim.fleet.Account;
import dev.latchkey.sim.fleet.Latencies;
import java.util.Optional;

/**
 * What a campaign found out.
 *
 * @param joins how long joins took
 * @param onWire sizes of datagrams, if a handheld that only sends could be measured
 */
record Findings(Account account, Latencies joins, Optional<OnWire> onWire) {
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

    private static final double MEDIAN = 0.5;
    private static final double NEARLY_ALL = 0.99;

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
        if (account.latencies().count() > 0) {
            table.row("send to opened, p50", account.latencies().percentile(MEDIAN), "all handhelds sending at once");
            table.row("send to opened, p99", account.latencies().percentile(NEARLY_ALL), "");
        }
        if (joins.count() > 0) {
            table.row(
                    "join, p50",
                    joins.percentile(MEDIAN),
                    "keys, handshakes, verified at the gateway, receipt checked");
            table.row("join, p99", joins.percentile(NEARLY_ALL), "");
        }
    }
}
