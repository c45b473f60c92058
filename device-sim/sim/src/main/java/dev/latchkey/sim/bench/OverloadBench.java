package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.LoadClients;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.host.EcProviders;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a gateway does with three times the readings that it can take: how many it still takes, what it tells the others,
 * how much memory it needs, and when it is as before. It has all cores but one and its clients have the other, so that
 * these take nothing from it. Before that it has taken so many readings, and several overloads, on all cores: else a compiler
 * that has just begun would have a third of its only core.
 */
final class OverloadBench {
    private static final int CONNECTIONS = 400;
    private static final int MEMBERS = 100;
    private static final int WARM_UPS = 2;
    private static final int MOST_WARM_UPS = 20;
    private static final int WARM_REQUESTS = 500_000;
    private static final int WARM_OVERLOADS = 3;
    private static final double TIMES = 3;
    private static final double LONGEST_RECOVERY = 60;
    /** A gateway at rest answers within this. */
    private static final Duration AT_REST = Duration.ofMillis(100);

    private static final int PROBES = 20;

    private final Launcher launcher;
    private final double seconds;
    private final int members;
    private final int connections;
    private final int warmRequests;
    private final boolean apart;

    /**
     * @param seconds of each measurement
     */
    OverloadBench(Launcher launcher, double seconds) {
        this(launcher, seconds, MEMBERS, CONNECTIONS, WARM_REQUESTS, true);
    }

    /**
     * @param warmRequests how many readings it takes before it counts as warm
     * @param apart whether gateway and clients get cores of their own
     */
    OverloadBench(Launcher launcher, double seconds, int members, int connections, int warmRequests, boolean apart) {
        this.launcher = launcher;
        this.seconds = seconds;
        this.members = members;
        this.connections = connections;
        this.warmRequests = warmRequests;
        this.apart = apart;
    }

    /**
     * What was found.
     *
     * @param before readings a second that it takes from clients that wait for each answer
     * @param cpuBefore CPU time of its process for each of them, in microseconds
     * @param open what became of three times as many
     * @param cpuOpen CPU time for each of these that was taken, in microseconds
     * @param recovery until requests were answered as at rest
     * @param after as before, once that was over
     * @param peakBefore memory of the process at its peak, in bytes
     * @param peakAfter the same, at the end
     */
    record Result(
            double before,
            double cpuBefore,
            OpenLoad.Outcome open,
            double cpuOpen,
            Duration recovery,
            double after,
            long peakBefore,
            long peakAfter) {
        /** What it can take, by the mean of the two. */
        double most() {
            return (before + after) / 2;
        }
    }

    void run(Report report) throws Exception {
        report.screen().phase("overload: " + connections + " connections, three times what the gateway can take");
        Result result;
        try (ProgressBar progress = report.screen().progress("measurements", MOST_WARM_UPS + WARM_OVERLOADS + 5L)) {
            result = measure(progress::step);
        }
        Figures figures = new Figures("overload", "what", "measured");
        OpenLoad.Outcome open = result.open();
        figures.row("taken a second at most, before", Math.round(result.before()));
        figures.row("the same, afterwards", Math.round(result.after()));
        figures.row("sent a second", Math.round(open.perSecond()));
        figures.row("of these repetitions", open.repeated());
        figures.row("taken a second (2.04)", Math.round(open.goodput()));
        figures.row("told to come again (5.03, 4.29), a second", Math.round(open.told() / open.seconds()));
        figures.row("answered otherwise", open.otherwise());
        figures.row("CPU us for each that is taken, before", String.format(Locale.ROOT, "%.1f", result.cpuBefore()));
        figures.row("the same under three times the most", String.format(Locale.ROOT, "%.1f", result.cpuOpen()));
        figures.row("peak memory before, MiB", result.peakBefore() >> 20);
        figures.row("peak memory after, MiB", result.peakAfter() >> 20);
        figures.row("recovery", result.recovery());
        report.add(figures);
        report.claim("sent, of the most that is taken", ratio(open.perSecond(), result.most()), "3");
        report.claim("taken at three times the most, of the most", ratio(open.goodput(), result.most()), ">= 0.9");
        report.claim("answers as at rest, after", result.recovery(), "<= 5 s");
    }

    private static String ratio(double value, double of) {
        return String.format(Locale.ROOT, "%.2f", value / of);
    }

    Result measure(Runnable step) throws Exception {
        EcProviders.install();
        try (IngestTown town = IngestTown.start(launcher, members, "");
                LoadClients clients = LoadClients.connect(town.address(), town.keys(connections), key -> true, "m")) {
            town.pauseCloud(true);
            warmUp(town, clients, step);
            if (!apart) {
                return measure(town, clients, step);
            }
            try (OneCore core = OneCore.enter()) {
                core.leaveOthersTo(town.gatewayPid());
                return measure(town, clients, step);
            }
        }
    }

    private void warmUp(IngestTown town, LoadClients clients, Runnable step) throws Exception {
        double rate = 0;
        int taken = 0;
        for (int i = 0; i < MOST_WARM_UPS && (i < WARM_UPS || taken < warmRequests); i++) {
            IngestLoad.Outcome outcome = closed(town, clients);
            rate = outcome.perSecond();
            taken += outcome.answered();
            step.run();
        }
        for (int i = 0; i < WARM_OVERLOADS && warmRequests > 0; i++) {
            town.refresh(IngestTown.SESSION_READINGS);
            new OpenLoad(clients, town::reading).run(TIMES * rate, seconds);
            afterwards(town, clients);
            step.run();
        }
    }

    private Result measure(IngestTown town, LoadClients clients, Runnable step) throws Exception {
        afterwards(town, clients);
        step.run();
        IngestLoad.Outcome before = afterwards(town, clients);
        step.run();
        long peakBefore = peakBytes(town.gatewayPid());
        town.refresh(IngestTown.SESSION_READINGS);
        Duration used = town.gatewayCpu();
        OpenLoad.Outcome open = new OpenLoad(clients, town::reading).run(TIMES * before.perSecond(), seconds);
        used = town.gatewayCpu().minus(used);
        step.run();
        Duration recovery = recover(town);
        step.run();
        double after = afterwards(town, clients).perSecond();
        step.run();
        return new Result(
                before.perSecond(),
                before.cpuMicros(),
                open,
                used.toNanos() / 1e3 / Math.max(1, open.taken()),
                recovery,
                after,
                peakBefore,
                peakBytes(town.gatewayPid()));
    }

    /** Some may be told to come again for a quarter of a second after the overload. */
    private IngestLoad.Outcome afterwards(IngestTown town, LoadClients clients) throws Exception {
        long end = System.nanoTime() + (long) (LONGEST_RECOVERY * 1e9);
        while (true) {
            // What was under way is answered by now and counts for nobody.
            clients.poll(0, (client, request, code, maxAge) -> {});
            try {
                return closed(town, clients);
            } catch (IngestLoad.NotTakenException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private IngestLoad.Outcome closed(IngestTown town, LoadClients clients) throws Exception {
        town.refresh(IngestTown.SESSION_READINGS / 2);
        return new IngestLoad(clients, connections, town::reading).run(seconds, town::gatewayCpu);
    }

    /** How long until a client that was not there before has its requests answered in a row as if nothing had been. */
    private static Duration recover(IngestTown town) throws IOException {
        long began = System.nanoTime();
        try (LoadClients fresh =
                LoadClients.connect(town.address(), List.of(town.keys(1).get(0)), key -> true, "m")) {
            int good = 0;
            Duration since = Duration.ZERO;
            while (good < PROBES) {
                Bytes reading = town.reading(0);
                since = good == 0 ? Duration.ofNanos(System.nanoTime() - began) : since;
                try {
                    IngestLoad.Outcome one = new IngestLoad(fresh, 1, client -> reading).run(0, () -> Duration.ZERO);
                    good = one.quantile(1).compareTo(AT_REST) < 0 ? good + 1 : 0;
                } catch (IngestLoad.NotTakenException e) {
                    good = 0;
                }
                if (System.nanoTime() - began > LONGEST_RECOVERY * 1e9) {
                    throw new IOException("the gateway did not recover");
                }
            }
            return since;
        }
    }

    /** "VmHWM:     123456 kB", proc(5). */
    private static long peakBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        return 0;
    }
}
