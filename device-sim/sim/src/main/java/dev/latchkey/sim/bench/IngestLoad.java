package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.LoadClients;
import dev.latchkey.protocol.ContentFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * A closed loop: each connection posts its next reading when the one before is answered, so there are as many under way
 * as connections. For one thread.
 */
final class IngestLoad {
    private static final long WAIT_NANOS = 1_000_000;

    /** CoAP's first wait for an answer, with its random factor (RFC 7252, section 4.8). */
    private static final long ANSWER_NANOS = 3_000_000_000L;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final LoadClients clients;
    private final int connections;
    private final IntFunction<Bytes> readings;
    private final long[] sentAt;
    private final int[] open;
    private double[] micros = new double[1 << 16];
    private int answered;
    private int waiting;
    private boolean ending;

    /**
     * @param connections how many of the clients take part
     * @param readings gives the next one for a connection
     */
    IngestLoad(LoadClients clients, int connections, IntFunction<Bytes> readings) {
        this.clients = clients;
        this.connections = connections;
        this.readings = readings;
        sentAt = new long[connections];
        open = new int[connections];
    }

    /** CPU time that a process has used. */
    @FunctionalInterface
    interface Used {
        Duration now() throws IOException;
    }

    /**
     * What came of it.
     *
     * @param answered requests that were answered 2.04
     * @param perSecond how many of them in a second
     * @param cpuMicros CPU time of the server's process for each
     * @param clientPart CPU time of the clients' one thread, of the time that passed: 1 means that a faster server would
     *     not be seen
     * @param micros how long each took
     */
    record Outcome(int answered, double perSecond, double cpuMicros, double clientPart, Samples micros) {
        Duration quantile(double part) {
            return Duration.ofNanos(Math.round(micros.quantile(part) * 1e3));
        }
    }

    /** A reading was not answered in time, or not with 2.04. */
    static final class NotTakenException extends IOException {
        private static final long serialVersionUID = 1L;

        NotTakenException(String message) {
            super(message);
        }
    }

    Outcome run(double seconds, Used used) throws IOException {
        Duration before = used.now();
        long clientsBefore = THREADS.getCurrentThreadCpuTime();
        long began = System.nanoTime();
        long end = began + (long) (seconds * 1e9);
        for (int client = 0; client < connections; client++) {
            post(client);
        }
        while (waiting > 0) {
            clients.poll(WAIT_NANOS, this::answered);
            long now = System.nanoTime();
            ending = now > end;
            for (int client = 0; client < connections; client++) {
                if (sentAt[client] != 0 && now - sentAt[client] > ANSWER_NANOS) {
                    throw new NotTakenException("a request was not answered in " + Duration.ofNanos(ANSWER_NANOS));
                }
            }
        }
        double took = (System.nanoTime() - began) / 1e9;
        double cpu = used.now().minus(before).toNanos() / 1e3;
        double clientPart = (THREADS.getCurrentThreadCpuTime() - clientsBefore) / 1e9 / took;
        return new Outcome(
                answered, answered / took, cpu / answered, clientPart, new Samples(Arrays.copyOf(micros, answered)));
    }

    private void post(int client) throws IOException {
        Bytes reading = readings.apply(client);
        sentAt[client] = System.nanoTime();
        open[client] = clients.post(client, ContentFormat.COSE_ENCRYPT0, reading);
        waiting++;
    }

    private void answered(int client, int request, Code code, long maxAge) throws IOException {
        if (client >= connections || sentAt[client] == 0 || open[client] != request) {
            return;
        }
        if (!code.equals(Code.CHANGED)) {
            throw new NotTakenException("the server answered " + code);
        }
        if (answered == micros.length) {
            micros = Arrays.copyOf(micros, 2 * answered);
        }
        micros[answered++] = (System.nanoTime() - sentAt[client]) / 1e3;
        sentAt[client] = 0;
        waiting--;
        if (!ending) {
            post(client);
        }
    }
}
