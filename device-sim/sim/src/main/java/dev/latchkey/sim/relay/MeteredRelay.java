package dev.latchkey.sim.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes datagrams between clients and one server and counts those that carry application data, by size and direction;
 * safe for use by many threads. The server sees one address per client, as behind a NAT. One thread does all the work.
 */
public final class MeteredRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeteredRelay.class);

    /** Clients at a time; each costs a socket. */
    private static final int MAX_CLIENTS = 1_024;
    /** DTLS content types (RFC 6347, section 4.1; RFC 9146, section 4): application_data and tls12_cid. */
    private static final int APPLICATION_DATA = 23;

    private static final int TLS12_CID = 25;
    private static final long STOP_MILLIS = 2_000;

    private final InetSocketAddress server;
    private final Selector selector;
    private final DatagramChannel front;
    private final Thread thread;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(DatagramSizes.MAX_BYTES);
    private final AtomicLongArray up = new AtomicLongArray(DatagramSizes.MAX_BYTES + 1);
    private final AtomicLongArray down = new AtomicLongArray(DatagramSizes.MAX_BYTES + 1);
    /** Used by the relay's thread only. */
    private final Map<SocketAddress, DatagramChannel> clients = new HashMap<>();

    private MeteredRelay(InetSocketAddress server, Selector selector, DatagramChannel front) {
        this.server = server;
        this.selector = selector;
        this.front = front;
        this.thread = new Thread(this::run, "relay");
        thread.setDaemon(true);
    }

    /** A relay on a free loopback port. */
    public static MeteredRelay to(InetSocketAddress server) throws IOException {
        Selector selector = Selector.open();
        DatagramChannel front = DatagramChannel.open();
        try {
            front.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            front.configureBlocking(false);
            front.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            front.close();
            selector.close();
            throw e;
        }
        MeteredRelay relay = new MeteredRelay(server, selector, front);
        relay.thread.start();
        return relay;
    }

    /** Where clients send to. */
    public InetSocketAddress address() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), front.socket().getLocalPort());
    }

    /** What clients sent so far. */
    public DatagramSizes up() {
        return sizes(up);
    }

    /** What the server sent so far. */
    public DatagramSizes down() {
        return sizes(down);
    }

    private static DatagramSizes sizes(AtomicLongArray counts) {
        long[] copy = new long[counts.length()];
        for (int size = 0; size < copy.length; size++) {
            copy[size] = counts.get(size);
        }
        return new DatagramSizes(copy);
    }

    private void run() {
        try {
            while (selector.isOpen() && front.isOpen()) {
                selector.select(key -> {
                    if (key.channel() == front) {
                        fromClients();
                    } else {
                        fromServer((DatagramChannel) key.channel(), (SocketAddress) key.attachment());
                    }
                });
            }
        } catch (IOException | java.nio.channels.ClosedSelectorException e) {
            LOG.debug("the relay has ended", e);
        }
    }

    private void fromClients() {
        try {
            for (SocketAddress client = receive(); client != null; client = receive()) {
                DatagramChannel back = clients.get(client);
                if (back == null && clients.size() < MAX_CLIENTS) {
                    back = open(client);
                }
                if (back != null) {
                    count(up);
                    back.write(buffer);
                }
            }
        } catch (PortUnreachableException e) {
            LOG.debug("the server is away; datagrams are lost, as on any network");
        } catch (IOException e) {
            LOG.debug("a datagram from a client was lost", e);
        }
    }

    private SocketAddress receive() throws IOException {
        buffer.clear();
        SocketAddress client = front.receive(buffer);
        buffer.flip();
        return client;
    }

    private DatagramChannel open(SocketAddress client) throws IOException {
        DatagramChannel back = DatagramChannel.open();
        back.connect(server);
        back.configureBlocking(false);
        back.register(selector, SelectionKey.OP_READ, client);
        clients.put(client, back);
        return back;
    }

    private void fromServer(DatagramChannel back, SocketAddress client) {
        try {
            buffer.clear();
            while (back.read(buffer) > 0) {
                buffer.flip();
                count(down);
                front.send(buffer, client);
                buffer.clear();
            }
        } catch (PortUnreachableException e) {
            LOG.debug("the server is away; datagrams are lost, as on any network");
        } catch (IOException e) {
            LOG.debug("a datagram from the server was lost", e);
        }
    }

    private void count(AtomicLongArray counts) {
        if (buffer.remaining() == 0) {
            return;
        }
        int type = buffer.get(0);
        if (type == APPLICATION_DATA || type == TLS12_CID) {
            counts.incrementAndGet(buffer.remaining());
        }
    }

    @Override
    public void close() throws IOException {
        front.close();
        selector.close();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (DatagramChannel back : clients.values()) {
            back.close();
        }
    }
}
