package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.Code;
import dev.latchkey.console.ProgressBar;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Full handshakes with raw public keys by CPU time of the server's process, with our EC provider and with the JDK's own:
 * two processes that differ in nothing else, in turns, medians over the rounds. The clients are on the fast provider for
 * both.
 */
final class HandshakesBench {
    private static final int CLIENTS = 8;
    private static final int WARM_UPS = 4;
    private static final long LONGEST_SECONDS = 60;
    private static final Bytes BODY = Bytes.utf8("r");

    /** A server, its clients, and what was measured of it. */
    private static final class Side implements AutoCloseable {
        final String provider;
        final HandshakeServer server;
        final List<CoapsClient> clients = new ArrayList<>();
        final double[] perSecond;

        Side(String provider, boolean fast, int rounds, ClientThreads threads) throws IOException {
            this.provider = provider;
            perSecond = new double[rounds];
            server = HandshakeServer.start(fast);
            SecureRandom random = new SecureRandom();
            for (int i = 0; i < CLIENTS; i++) {
                ClientIdentity identity = new ClientIdentity.RawKey(KeyPair.generate(random));
                clients.add(
                        CoapsClient.connect(server.address(), identity, key -> true, ClientOptions.DEFAULT, threads));
            }
        }

        /** Handshakes for each second of the server's CPU time, over at least so many of them. */
        double measure(double seconds) throws Exception {
            Duration before = server.cpuTime();
            long enough = (long) (seconds * 1e9);
            long done = 0;
            long used;
            do {
                done += handshakes();
                used = server.cpuTime().minus(before).toNanos();
            } while (used < enough);
            return done / (used / 1e9);
        }

        /** One of each client, all at once, and a request after it. */
        private int handshakes() throws Exception {
            List<CompletableFuture<CoapResponse>> answers = new ArrayList<>();
            for (CoapsClient client : clients) {
                client.reconnect();
                answers.add(client.send(ClientRequest.post("/m", 0, BODY)));
            }
            for (CompletableFuture<CoapResponse> answer : answers) {
                Code code = answer.get(LONGEST_SECONDS, TimeUnit.SECONDS).code();
                if (!code.equals(Code.CHANGED)) {
                    throw new IOException("the server answered " + code);
                }
            }
            return answers.size();
        }

        @Override
        public void close() {
            clients.forEach(CoapsClient::close);
            server.close();
        }
    }

    private final int rounds;
    private final double seconds;

    /**
     * @param rounds how often each server is measured
     * @param seconds of its CPU time for one measurement
     */
    HandshakesBench(int rounds, double seconds) {
        this.rounds = rounds;
        this.seconds = seconds;
    }

    void run(Report report) throws Exception {
        EcProviders.install();
        report.screen().phase("DTLS handshakes: raw public keys, full, " + rounds + " rounds");
        try (ClientThreads threads = new ClientThreads(2);
                Side fast = new Side(EcProviders.name(), true, rounds, threads);
                Side slow = new Side("the JDK's own", false, rounds, threads);
                ProgressBar progress = report.screen().progress("measurements", 2L * (rounds + 1))) {
            for (Side side : List.of(fast, slow)) {
                side.measure(WARM_UPS * seconds);
                progress.step();
            }
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                for (Side side : List.of(fast, slow)) {
                    side.perSecond[round] = side.measure(seconds);
                    progress.step();
                }
                ratios[round] = fast.perSecond[round] / slow.perSecond[round];
            }
            show(report, List.of(fast, slow), String.format(Locale.ROOT, "%.1f", new Samples(ratios).median()));
        }
    }

    private static void show(Report report, List<Side> sides, String ratio) {
        Figures figures = new Figures(
                "handshakes", "provider", "handshakes per CPU second of the server", "ms of CPU each", "ratio");
        for (Side side : sides) {
            double rate = new Samples(side.perSecond).median();
            figures.row(
                    side.provider,
                    Math.round(rate),
                    String.format(Locale.ROOT, "%.2f", 1e3 / rate),
                    side == sides.get(0) ? ratio : "1.0");
        }
        report.add(figures);
        report.claim("handshakes per CPU second of the server, of those with the JDK's providers", ratio, ">= 8");
    }
}
