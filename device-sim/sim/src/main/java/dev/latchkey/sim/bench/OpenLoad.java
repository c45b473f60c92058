package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.LoadClients;
import dev.latchkey.protocol.ContentFormat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.function.IntFunction;

/**
 * An open loop: requests come at a rate, whatever becomes of them, over all connections in turn. One that is not answered
 * in CoAP's first wait is repeated once, in the place of a new one; nobody keeps silent when told to. For one thread.
 */
final class OpenLoad {
    private static final long WAIT_NANOS = 1_000_000;
    private static final long REPEAT_NANOS = 2_500_000_000L;
    private static final int IN_A_ROW = 32;
    private static final int IDS = 1 << 16;

    private final LoadClients clients;
    private final IntFunction<Bytes> readings;
    private final BitSet[] open;
    private final Deque<Sent> unanswered = new ArrayDeque<>();
    private int next;
    private long sent;
    private long repeated;
    private long taken;
    private long told;
    private long otherwise;

    private record Sent(int client, int request, Bytes body, long at) {}

    /**
     * What came of it.
     *
     * @param sent datagrams, repetitions among them
     * @param perSecond how many of them in a second
     * @param taken answered 2.04
     * @param goodput how many of them in a second
     * @param told answered 5.03 or 4.29 with Max-Age
     * @param otherwise answered in another way
     * @param seconds how long it took
     */
    record Outcome(
            long sent,
            long repeated,
            double perSecond,
            long taken,
            double goodput,
            long told,
            long otherwise,
            double seconds) {}

    OpenLoad(LoadClients clients, IntFunction<Bytes> readings) {
        this.clients = clients;
        this.readings = readings;
        open = new BitSet[clients.size()];
        for (int i = 0; i < open.length; i++) {
            open[i] = new BitSet(IDS);
        }
    }

    /** As many a second as the rate says, or as this machine can send. */
    Outcome run(double rate, double seconds) throws IOException {
        long began = System.nanoTime();
        long end = began + (long) (seconds * 1e9);
        for (long now = began; now < end; now = System.nanoTime()) {
            long due = (long) ((now - began) * rate / 1e9);
            for (int i = 0; i < IN_A_ROW && sent < due; i++) {
                send(now);
            }
            clients.poll(sent < due ? 0 : WAIT_NANOS, this::answered);
        }
        double took = (System.nanoTime() - began) / 1e9;
        return new Outcome(sent, repeated, sent / took, taken, taken / took, told, otherwise, took);
    }

    private void send(long now) throws IOException {
        sent++;
        Sent oldest = unanswered.peek();
        while (oldest != null && !open[oldest.client()].get(oldest.request())) {
            unanswered.poll();
            oldest = unanswered.peek();
        }
        if (oldest != null && now - oldest.at() > REPEAT_NANOS) {
            unanswered.poll();
            repeated++;
            clients.repeat(oldest.client(), oldest.request(), ContentFormat.COSE_ENCRYPT0, oldest.body());
            return;
        }
        int client = next;
        next = (next + 1) % open.length;
        Bytes body = readings.apply(client);
        int request = clients.post(client, ContentFormat.COSE_ENCRYPT0, body);
        open[client].set(request);
        unanswered.add(new Sent(client, request, body, now));
    }

    private void answered(int client, int request, Code code, long maxAge) {
        if (!open[client].get(request)) {
            return;
        }
        open[client].clear(request);
        if (code.equals(Code.CHANGED)) {
            taken++;
        } else if ((code.equals(Code.SERVICE_UNAVAILABLE) || code.equals(Code.TOO_MANY_REQUESTS)) && maxAge > 0) {
            told++;
        } else {
            otherwise++;
        }
    }
}
