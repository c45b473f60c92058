package dev.latchkey.sim.demo;

import dev.latchkey.console.UsageFault;
import dev.latchkey.sim.fleet.Plan;
import dev.latchkey.sim.source.WeatherSource;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Option;

/** How many, what, and drawn how. Filled in by picocli. */
final class FleetOptions {
    /** Each costs a socket and a thread. */
    private static final int MAX_DEVICES = 1_000;

    @Option(names = "--devices", paramLabel = "N", defaultValue = "20", description = "handhelds, 2 to 1000 (20)")
    private int devices;

    @Option(
            names = "--readings",
            paramLabel = "N",
            defaultValue = "1461",
            description = "readings that the fleet sends in all, each a day's weather (1461: every row of the source)")
    private int readings;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "decides names, and who sends to whom (any; printed, so that a run can be repeated)")
    private Long seed;

    /** @throws UsageFault if the numbers do not go together */
    void check() {
        if (devices < Plan.MIN_MEMBERS || devices > MAX_DEVICES) {
            throw new UsageFault("--devices must be " + Plan.MIN_MEMBERS + " to " + MAX_DEVICES);
        }
        int days = WeatherSource.seattle().observations().size();
        long most = (long) devices * days;
        if (readings < 1 || readings > most) {
            throw new UsageFault("--readings must be 1 to " + most + ": each of " + devices + " devices has " + days
                    + " days to send");
        }
        if (seed == null) {
            seed = (long) ThreadLocalRandom.current().nextInt(1_000_000);
        }
    }

    int devices() {
        return devices;
    }

    int readings() {
        return readings;
    }

    long seed() {
        return seed;
    }
}
