package dev.latchkey.sim.scenario;

import dev.latchkey.coap.relay.Traffic;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.sim.fleet.Account;
import dev.latchkey.sim.measure.Meter;
import dev.latchkey.sim.measure.Timeline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a simulation found out. Immutable. */
record Reports(Map<String, String> findings, Timeline timeline, List<String> faults) {
    static Reports of(
            ScenarioName scenario,
            SimOptions options,
            Impairments impairments,
            Account account,
            Wire wire,
            Meter meter) {
        Map<String, String> findings = new LinkedHashMap<>();
        findings.put("readings sent", Units.count(account.sent()));
        findings.put("acknowledged", Units.count(account.acknowledged()));
        findings.put("opened", Units.count(account.opened()));
        findings.put("equal to the source", Units.count(account.equal()));
        account.expectedRefusals()
                .forEach((kind, count) -> findings.put("refused as expected, " + kind, Units.count(count)));
        account.refusals().forEach((kind, count) -> findings.put("refused, " + kind, Units.count(count)));
        if (impairments.any()) {
            Traffic traffic = wire.traffic();
            findings.put("datagrams lost", Units.count(traffic.lost()));
            findings.put("datagrams duplicated", Units.count(traffic.duplicated()));
            findings.put("datagrams too large", Units.count(traffic.tooLarge()));
            findings.put("addresses changed", Units.count(wire.rebindings()));
        }
        return new Reports(findings, meter.timeline(), account.faults());
    }

    /** @return whether all went as it should */
    boolean show(Screen screen) {
        Table table = new Table("what", "figure", "p50", "p99");
        findings.forEach((what, figure) -> table.row(what, figure, "", ""));
        timeline.events()
                .forEach((what, latency) -> table.row(
                        what,
                        Units.count(latency.count()),
                        Duration.ofNanos(latency.p50Nanos()),
                        Duration.ofNanos(latency.p99Nanos())));
        table.row(
                "send to acknowledged",
                Units.count(timeline.acknowledged().count()),
                Duration.ofNanos(timeline.acknowledged().p50Nanos()),
                Duration.ofNanos(timeline.acknowledged().p99Nanos()));
        table.row(
                "send to opened",
                Units.count(timeline.opened().count()),
                Duration.ofNanos(timeline.opened().p50Nanos()),
                Duration.ofNanos(timeline.opened().p99Nanos()));
        table.row("peak memory", Units.bytes(timeline.peakResidentBytes()), "", "");
        screen.table(table);
        faults.forEach(fault -> screen.line("  " + fault));
        return faults.isEmpty();
    }
}
