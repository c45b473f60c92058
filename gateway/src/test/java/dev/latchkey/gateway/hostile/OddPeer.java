package dev.latchkey.gateway.hostile;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.AnyBytesClient;
import dev.latchkey.coap.ClientIdentity;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Somebody with a connection who sends odd requests; for one thread. */
final class OddPeer implements AutoCloseable {
    private static final int TRIES = 5;
    private static final long PATIENCE_MILLIS = 4_000;
    private static final int INTERNAL_SERVER_ERROR = 0xa0;

    final String name;
    private final AnyBytesClient client;
    private final OddRequests requests;
    private final String answered;
    private int id;

    /**
     * Connects.
     *
     * @param answered a path that this peer gets an answer for, whatever else it sent
     */
    OddPeer(String name, ClientIdentity identity, InetSocketAddress gateway, OddRequests requests, String answered)
            throws Exception {
        this.name = name;
        this.client = new AnyBytesClient(identity, gateway);
        this.requests = requests;
        this.answered = answered;
        await();
    }

    void send(Choices choices) {
        client.send(requests.next(choices, id = id + 1 & 0xffff));
    }

    /**
     * What came back so far, the codes; it asks for something that is always answered, and returns when that is there.
     *
     * @throws AssertionError if that takes too long, or a handler failed
     */
    List<Integer> await() throws InterruptedException {
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            id = id + 1 & 0xffff;
            Bytes marker = OddRequests.get(id, answered);
            client.send(marker);
            Bytes token = marker.slice(4, 6);
            for (Optional<Bytes> next = client.answer(PATIENCE_MILLIS);
                    next.isPresent();
                    next = client.answer(PATIENCE_MILLIS)) {
                Bytes answer = next.get();
                int code = answer.get(1) & 0xff;
                if (code == INTERNAL_SERVER_ERROR) {
                    throw new AssertionError("5.00 for " + name + ": a handler failed");
                }
                if (answer.size() >= 6
                        && (answer.get(0) & 0x0f) == 2
                        && answer.slice(4, 6).equals(token)
                        && code != 0) {
                    return codes;
                }
                codes.add(code);
            }
        }
        throw new AssertionError("the gateway does not answer " + name + " any more");
    }

    @Override
    public void close() {
        client.close();
    }
}
