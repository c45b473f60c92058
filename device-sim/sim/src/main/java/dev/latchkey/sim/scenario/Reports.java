package dev.latchkey.sim.scenario;

import dev.latchkey.coap.relay.Traffic;
import dev.latchkey.console.Screen;
import dev.latchkey.console.Units;
import dev.latchkey.sim.fleet.Account;
import dev.latchkey.sim.measure.HtmlReport;
import dev.latchkey.sim.measure.JsonReport;
import dev.latchkey.sim.measure.Machine;
import dev.latchkey.sim.measure.Meter;
import dev.latchkey.sim.measure.Outcome;
import dev.latchkey.sim.measure.Run;
import dev.latchkey.sim.measure.Summary;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a simulation found out, for people and programs. Stateless. */
final class Reports {
    private static final String FULFILLED =
            "every acknowledged reading was opened once by its recipient and equals its source";

    private Reports() {}

    /**
     * @param events how often and how long what the scenario let happen took is in the meter
     * @return all that the reports say
     */
    static Run of(
            ScenarioName scenario,
            SimOptions options,
            Map<String, String> settings,
            Account account,
            Wire wire,
            Meter meter) {
        List<String> faults = account.faults();
        return new Run(
                scenario.toString(),
                OptionalLong.of(options.seed()),
                settings,
                findings(account, wire),
                Machine.here(),
                faults.isEmpty() ? Outcome.passed(FULFILLED) : Outcome.failed(faults),
                meter.timeline());
    }

    private static Map<String, String> findings(Account account, Wire wire) {
        Map<String, String> findings = new LinkedHashMap<>();
        findings.put("readings sent", Units.count(account.sent()));
        findings.put("acknowledged on disk", Units.count(account.acknowledged()));
        findings.put("opened", Units.count(account.opened()));
        findings.put("equal to the source", Units.count(account.equal()));
        account.expectedRefusals()
                .forEach((kind, count) -> findings.put("refused as expected: " + kind, Units.count(count)));
        account.refusals().forEach((kind, count) -> findings.put("refused: " + kind, Units.count(count)));
        Traffic traffic = wire.traffic();
        findings.put("datagrams of handshakes", Units.count(traffic.handshakes()));
        if (wire.impaired()) {
            findings.put("datagrams lost", Units.count(traffic.lost()));
            findings.put("datagrams duplicated", Units.count(traffic.duplicated()));
            findings.put("datagrams too large", Units.count(traffic.tooLarge()));
            findings.put("addresses changed", Units.count(wire.rebindings()));
        }
        return findings;
    }

    /**
     * @return whether the run passed
     * @throws IOException if a report could not be written; it is shown before
     */
    static boolean show(Run run, Screen screen, SimOptions options) throws IOException {
        Summary.show(screen, run);
        if (options.json().isPresent()) {
            JsonReport.write(options.json().get(), run);
        }
        if (options.html().isPresent()) {
            HtmlReport.write(options.html().get(), run);
        }
        return run.outcome().passed();
    }
}
