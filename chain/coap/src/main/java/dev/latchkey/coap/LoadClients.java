package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;

/**
 * Many clients that load one server, each with a socket and a DTLS connection of its own, all on the caller's thread: so
 * that what a server can do is not hidden by what its clients cost. They post to one resource and see code and Max-Age of
 * the answers, no more; the caller paces them and repeats what stays unanswered. For benchmarks and tests; for one
 * thread.
 */
public final class LoadClients implements AutoCloseable {
    private static final int MAX_DATAGRAM = 2_048;
    private static final int HANDSHAKES_AT_ONCE = 64;
    private static final long LONGEST_HANDSHAKES_NANOS = 60_000_000_000L;
    private static final long WAIT_MILLIS = 10;
    private static final long STOP_MILLIS = 2_000;
    private static final int IDS = 1 << 16;

    private static final byte CON = 0x40;
    private static final byte ACK = 0x60;
    private static final int TYPE_MASK = 0x30;
    private static final int TOKEN_BYTES = 2;
    private static final int HEADER_BYTES = 4;
    private static final byte POST = 2;
    private static final int URI_PATH = 11;
    private static final int CONTENT_FORMAT = 12;
    private static final byte PAYLOAD_MARKER = (byte) 0xff;

    private final ProtocolScheduledExecutorService executor =
            ExecutorsUtil.newProtocolScheduledThreadPool(2, new DaemonThreadFactory("load-handshake#"));
    private final Selector selector = Selector.open();
    private final List<LoadLink> links = new ArrayList<>();
    private final int[] nextId;
    private final byte[] path;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);

    /** Told of each answer. */
    @FunctionalInterface
    public interface Answers {
        /**
         * A request was answered.
         *
         * @param client number of the client, from 0
         * @param request what {@link LoadClients#post} returned
         * @param code of the response
         * @param maxAgeSeconds of an error that says when to come again, else 0
         */
        void answered(int client, int request, Code code, long maxAgeSeconds) throws IOException;
    }

    private LoadClients(int clients, String resource) throws IOException {
        nextId = new int[clients];
        path = resource.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Makes the clients and all handshakes.
     *
     * @param keys of the clients, by number
     * @param resource one short path segment, "m"
     * @throws IOException if a handshake failed or all of them took longer than a minute
     */
    public static LoadClients connect(InetSocketAddress server, List<KeyPair> keys, ServerCheck check, String resource)
            throws IOException {
        LoadClients clients = new LoadClients(keys.size(), resource);
        try {
            clients.shakeHands(server, keys, check);
            return clients;
        } catch (IOException | RuntimeException e) {
            clients.close();
            throw e;
        }
    }

    private void shakeHands(InetSocketAddress server, List<KeyPair> keys, ServerCheck check) throws IOException {
        Configuration config = CoapSettings.client(ClientOptions.DEFAULT, true);
        long end = System.nanoTime() + LONGEST_HANDSHAKES_NANOS;
        int ready = 0;
        while (ready < keys.size()) {
            while (links.size() < keys.size() && links.size() < ready + HANDSHAKES_AT_ONCE) {
                LoadLink link = new LoadLink(links.size(), server, keys.get(links.size()), check, config, executor);
                links.add(link);
                link.begin(selector);
            }
            poll(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS), (client, request, code, maxAge) -> {});
            while (ready < links.size() && links.get(ready).isReady()) {
                ready++;
            }
            if (System.nanoTime() > end) {
                throw new IOException("the handshakes took too long");
            }
        }
    }

    /** How many there are. */
    public int size() {
        return links.size();
    }

    /**
     * Sends a confirmable POST.
     *
     * @return what it is known by until 65,535 more were sent by this client
     */
    public int post(int client, int contentFormat, Bytes body) throws IOException {
        int request = nextId[client];
        nextId[client] = (request + 1) % IDS;
        repeat(client, request, contentFormat, body);
        return request;
    }

    /** Sends the same once more, as a client does that got no answer. */
    public void repeat(int client, int request, int contentFormat, Bytes body) throws IOException {
        byte[] payload = body.toArray();
        byte[] message = new byte[HEADER_BYTES + TOKEN_BYTES + 1 + path.length + 2 + 1 + payload.length];
        int at = 0;
        message[at++] = CON | TOKEN_BYTES;
        message[at++] = POST;
        // Message id and token are the same number.
        message[at++] = (byte) (request >> 8);
        message[at++] = (byte) request;
        message[at++] = (byte) (request >> 8);
        message[at++] = (byte) request;
        message[at++] = (byte) (URI_PATH << 4 | path.length);
        System.arraycopy(path, 0, message, at, path.length);
        at += path.length;
        message[at++] = (byte) (CONTENT_FORMAT - URI_PATH << 4 | 1);
        message[at++] = (byte) contentFormat;
        message[at++] = PAYLOAD_MARKER;
        System.arraycopy(payload, 0, message, at, payload.length);
        links.get(client).send(message);
    }

    /** Takes what has arrived, or waits for it so long, and tells of the answers. */
    public void poll(long waitNanos, Answers answers) throws IOException {
        int found = waitNanos < TimeUnit.MILLISECONDS.toNanos(1)
                ? selector.selectNow()
                : selector.select(TimeUnit.NANOSECONDS.toMillis(waitNanos));
        if (found == 0) {
            return;
        }
        try {
            for (SelectionKey key : selector.selectedKeys()) {
                LoadLink link = (LoadLink) key.attachment();
                byte[][] message = {null};
                while (link.receive(buffer, taken -> message[0] = taken)) {
                    if (message[0] != null) {
                        answered(link, message[0], answers);
                        message[0] = null;
                    }
                }
            }
        } finally {
            // Or the selector never tells of them again, when an answer was not to the taste of who hears of it.
            selector.selectedKeys().clear();
        }
    }

    private static void answered(LoadLink link, byte[] message, Answers answers) throws IOException {
        int code = message[1];
        if (code == 0 || (message[0] & 0xf) != TOKEN_BYTES) {
            return;
        }
        if ((message[0] & TYPE_MASK) == 0) {
            link.send(new byte[] {ACK, 0, message[2], message[3]});
        }
        int request = (message[HEADER_BYTES] & 0xff) << 8 | message[HEADER_BYTES + 1] & 0xff;
        Code ours = new Code(code >> 5 & 7, code & 0x1f);
        answers.answered(link.number(), request, ours, ours.isSuccess() ? 0 : maxAge(message));
    }

    private static long maxAge(byte[] message) {
        Message parsed = new UdpDataParser().parseMessage(message);
        return parsed instanceof Response && parsed.getOptions().hasMaxAge()
                ? parsed.getOptions().getMaxAge()
                : 0;
    }

    @Override
    public void close() {
        links.forEach(LoadLink::close);
        try {
            selector.close();
        } catch (IOException e) {
            throw new IllegalStateException("a selector does not close", e);
        }
        ExecutorsUtil.shutdownExecutorGracefully(STOP_MILLIS, executor);
    }
}
