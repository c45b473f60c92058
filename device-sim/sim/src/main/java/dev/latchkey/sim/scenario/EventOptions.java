package dev.latchkey.sim.scenario;

import dev.latchkey.console.UsageFault;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What happens to a fleet while it sends. Filled in by picocli. */
final class EventOptions {
    private static final double COMMUTERS = 0.25;
    private static final int MAX_TRIPS = 4;
    private static final int MAX_CHANGES = 100_000;

    @Option(
            names = "--commuters",
            paramLabel = "SHARE",
            description = "commute: members that move, above 0 to 1 (0.25)")
    private Double commuters;

    @Option(names = "--trips", paramLabel = "N", description = "commute: times that they go there and back, 1 to 4 (1)")
    private Integer trips;

    @Option(
            names = "--to",
            paramLabel = "CHAIN",
            description = "commute with --hand-over: the sibling sub-network; the gateway serves both, and members may"
                    + " move both ways")
    private String to;

    @Option(
            names = "--storm",
            paramLabel = "WHAT",
            description =
                    "storm: gateway (it stops and starts again) or devices (they end their connections themselves)"
                            + " (gateway; with --hand-over devices)")
    private String storm;

    @Option(
            names = "--changes",
            paramLabel = "N",
            description = "churn: key rotations and replacements, two to one (half as many as devices, at least 6)")
    private Integer changes;

    /** @throws UsageFault if a value is out of range, is for another scenario, or does not go with the network */
    void check(ScenarioName scenario, boolean ownNetwork) {
        belongs("--commuters", commuters, scenario, ScenarioName.COMMUTE);
        belongs("--trips", trips, scenario, ScenarioName.COMMUTE);
        belongs("--to", to, scenario, ScenarioName.COMMUTE);
        belongs("--storm", storm, scenario, ScenarioName.STORM);
        belongs("--changes", changes, scenario, ScenarioName.CHURN);
        if (commuters != null && !(commuters > 0 && commuters <= 1)) {
            throw new UsageFault("--commuters must be above 0 and at most 1");
        }
        if (trips != null && (trips < 1 || trips > MAX_TRIPS)) {
            throw new UsageFault(
                    "--trips must be 1 to " + MAX_TRIPS + ": the chain bounds the transactions of a member in an hour");
        }
        if (changes != null && (changes < 1 || changes > MAX_CHANGES)) {
            throw new UsageFault("--changes must be 1 to " + MAX_CHANGES);
        }
        if (storm != null && !storm.equals("gateway") && !storm.equals("devices")) {
            throw new UsageFault("--storm must be gateway or devices");
        }
        if ("gateway".equals(storm) && !ownNetwork) {
            throw new UsageFault("--storm gateway stops the gateway, and that of --hand-over is somebody else's: leave"
                    + " out --hand-over, or choose --storm devices");
        }
        if (scenario == ScenarioName.COMMUTE && !ownNetwork && to == null) {
            throw new UsageFault(
                    "commute with --hand-over needs --to CHAIN: a sibling of the hand-over's sub-network that"
                            + " the same gateway serves (latchkey operator chain --moves-in)");
        }
        if (to != null && ownNetwork) {
            throw new UsageFault("--to is for --hand-over; without it the sim makes both sub-networks itself");
        }
    }

    private static void belongs(String option, Object given, ScenarioName scenario, ScenarioName owner) {
        if (given != null && scenario != owner) {
            throw new UsageFault(option + " is for " + owner + ", and this is " + scenario);
        }
    }

    double commuters() {
        return commuters == null ? COMMUTERS : commuters;
    }

    int trips() {
        return trips == null ? 1 : trips;
    }

    Optional<String> to() {
        return Optional.ofNullable(to);
    }

    boolean stormsGateway(boolean ownNetwork) {
        return storm == null ? ownNetwork : storm.equals("gateway");
    }

    int changes(int devices) {
        return changes == null ? Math.max(6, devices / 2) : changes;
    }
}
