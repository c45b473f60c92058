package dev.latchkey.sim.bench;

import dev.latchkey.coap.LoadClients;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import dev.latchkey.sim.process.Launcher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Sealed readings that a gateway accepts, next to what a server of Californium's does that only answers: two processes on
 * the same jars, configuration and JVM options, loaded by the same clients with the same bodies, in turns, medians over the
 * rounds.
 */
final class IngestBench {
    /** As the launcher gives a gateway. */
    private static final List<String> GATEWAY_OPTIONS =
            List.of("-Xmx512m", "-Xshare:auto", "-XX:+ExitOnOutOfMemoryError");

    /** Until then the compiler takes as much as the work. */
    private static final int WARM_REQUESTS = 500_000;

    private static final int MOST_WARM_UPS = 15;
    /** Nobody here is faster; more readings than this are not prepared for. */
    private static final double MOST_PER_SECOND = 100_000;

    private static final List<Integer> OTHER_LOADS = List.of(8, 100);

    private final Launcher launcher;
    private final int rounds;
    private final double seconds;
    private final int connections;
    private final int members;

    /**
     * @param rounds how often each server is measured
     * @param seconds how long
     * @param connections requests under way at once
     * @param members that the readings come from
     */
    IngestBench(Launcher launcher, int rounds, double seconds, int connections, int members) {
        this.launcher = launcher;
        this.rounds = rounds;
        this.seconds = seconds;
        this.connections = connections;
        this.members = members;
    }

    /** JVM options of a gateway and, so that they are alike, of the server beside it. */
    static List<String> gatewayOptions() {
        List<String> options = new ArrayList<>(GATEWAY_OPTIONS);
        String more = System.getenv().getOrDefault("LATCHKEY_OPTS", "").strip();
        if (!more.isEmpty()) {
            options.addAll(List.of(more.split("\\s+")));
        }
        return options;
    }

    void run(Report report) throws Exception {
        EcProviders.install();
        report.screen().phase("sealed readings: " + connections + " connections, " + rounds + " rounds");
        try (HandshakeServer echo = HandshakeServer.start(true, gatewayOptions());
                IngestTown town = IngestTown.start(launcher, members, "");
                ProgressBar progress = report.screen()
                        .progress("measurements", 2L * (MOST_WARM_UPS + rounds) + 1 + OTHER_LOADS.size())) {
            int most = Math.max(
                    connections, OTHER_LOADS.stream().max(Integer::compare).orElseThrow());
            // The echo takes connections with one key for one client, whose message ids it has seen.
            SecureRandom random = new SecureRandom();
            List<KeyPair> anybody = Stream.generate(() -> KeyPair.generate(random))
                    .limit(connections)
                    .toList();
            try (LoadClients toEcho = clients(echo.address(), anybody);
                    LoadClients toGateway = clients(town.address(), town.keys(most))) {
                new Measuring(town, toEcho, echo::cpuTime, toGateway, progress).report(report);
            }
        }
    }

    private static LoadClients clients(InetSocketAddress server, List<KeyPair> keys) throws IOException {
        return LoadClients.connect(server, keys, key -> true, "m");
    }

    /** A run with everything in place. */
    private final class Measuring {
        private final IngestTown town;
        private final LoadClients toEcho;
        private final IngestLoad.Used echoUsed;
        private final LoadClients toGateway;
        private final ProgressBar progress;

        Measuring(
                IngestTown town,
                LoadClients toEcho,
                IngestLoad.Used echoUsed,
                LoadClients toGateway,
                ProgressBar progress) {
            this.town = town;
            this.toEcho = toEcho;
            this.echoUsed = echoUsed;
            this.toGateway = toGateway;
            this.progress = progress;
        }

        void report(Report report) throws Exception {
            long warm = 0;
            for (int i = 0; i < MOST_WARM_UPS && warm < WARM_REQUESTS; i++) {
                echo();
                warm += gateway(connections).outcome().answered();
            }
            Row running = gateway(connections);
            town.pauseCloud(true);
            List<Row> echoes = new ArrayList<>();
            List<Row> paused = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                echoes.add(echo());
                paused.add(gateway(connections));
            }
            Figures figures = new Figures(
                    "ingest",
                    "server",
                    "connections",
                    "requests/s",
                    "CPU us a request",
                    "p50",
                    "p99",
                    "p99.9",
                    "records per fsync",
                    "clients' CPU");
            median(echoes).addTo(figures, "bare echo", connections);
            median(paused).addTo(figures, "gateway, cloud paused", connections);
            running.addTo(figures, "gateway, cloud running", connections);
            for (int other : OTHER_LOADS) {
                gateway(other).addTo(figures, "gateway, cloud paused", other);
            }
            report.add(figures);
            report.claim(
                    "sealed readings accepted a second, of a bare echo's requests",
                    ratio(paused, echoes, row -> row.outcome().perSecond()),
                    ">= 0.85");
            report.claim(
                    "CPU of the gateway for each, of the bare echo's",
                    ratio(paused, echoes, row -> row.outcome().cpuMicros()),
                    "<= 1.3");
        }

        private Row echo() throws Exception {
            prepare(connections);
            IngestLoad.Outcome outcome = new IngestLoad(toEcho, connections, town::reading).run(seconds, echoUsed);
            progress.step();
            return new Row(outcome, 0);
        }

        private Row gateway(int load) throws Exception {
            prepare(load);
            long before = town.status().syncedWrites();
            IngestLoad.Outcome outcome = new IngestLoad(toGateway, load, town::reading).run(seconds, town::gatewayCpu);
            long synced = town.status().syncedWrites() - before;
            progress.step();
            return new Row(outcome, synced);
        }

        private void prepare(int load) throws Exception {
            double each = MOST_PER_SECOND * seconds / Math.min(load, members);
            town.refresh((int) Math.min(IngestTown.SESSION_READINGS, each));
        }
    }

    /**
     * One measurement.
     *
     * @param synced writes to the gateway's disk
     */
    private record Row(IngestLoad.Outcome outcome, long synced) {
        void addTo(Figures figures, String server, int connections) {
            figures.row(
                    server,
                    connections,
                    Math.round(outcome.perSecond()),
                    String.format(Locale.ROOT, "%.1f", outcome.cpuMicros()),
                    outcome.quantile(0.5),
                    outcome.quantile(0.99),
                    outcome.quantile(0.999),
                    synced == 0 ? "-" : Math.round(outcome.answered() / (double) synced),
                    String.format(Locale.ROOT, "%.2f", outcome.clientPart()));
        }
    }

    /** The row in the middle, by its rate. */
    private static Row median(List<Row> rows) {
        return rows.stream()
                .sorted(Comparator.comparingDouble(row -> row.outcome().perSecond()))
                .skip(rows.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static String ratio(List<Row> ours, List<Row> theirs, ToDoubleFunction<Row> figure) {
        double[] ratios = new double[ours.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i));
        }
        return String.format(Locale.ROOT, "%.2f", new Samples(ratios).median());
    }
}
