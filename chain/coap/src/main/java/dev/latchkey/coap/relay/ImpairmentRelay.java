package dev.latchkey.coap.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP relay on loopback in front of one server: each client that sends to it gets a socket of its own towards the
 * server, as behind a NAT. Safe for use by many threads; one thread of its own does the work.
 */
public final class ImpairmentRelay implements AutoCloseable {
    /** Sockets towards the server; further clients are not served. */
    public static final int MAX_CLIENTS = 4_096;

    /** Datagrams on their way; further ones are lost, as in a router. */
    public static final int MAX_DELAYED = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(ImpairmentRelay.class);
    private static final int MAX_DATAGRAM = 65_536;

    private final InetSocketAddress target;
    private final Random random;
    private final Selector selector = Selector.open();
    private final DatagramChannel front = DatagramChannel.open();
    private final InetSocketAddress address;
    private final Thread thread;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final AtomicLong forwarded = new AtomicLong();
    private final AtomicLong forwardedBytes = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    // The rest is the thread's own.
    private final Map<SocketAddress, DatagramChannel> backs = new HashMap<>();
    private final PriorityQueue<Delayed> delayed = new PriorityQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
    private long order;
    private Impairment toServer = Impairment.NONE;
    private Impairment toClient = Impairment.NONE;

    /** A datagram that leaves later; those of the same instant leave in their order. */
    private record Delayed(long dueNanos, long order, boolean up, SocketAddress client, byte[] bytes)
            implements Comparable<Delayed> {
        @Override
        public int compareTo(Delayed other) {
            int byTime = Long.compare(dueNanos - other.dueNanos, 0);
            return byTime == 0 ? Long.compare(order, other.order) : byTime;
        }
    }

    /**
     * Starts a relay that does nothing bad yet.
     *
     * @param target the server behind it
     * @param seed of all chance
     * @throws IOException if no socket could be opened
     */
    public ImpairmentRelay(InetSocketAddress target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        front.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        front.configureBlocking(false);
        front.register(selector, SelectionKey.OP_READ);
        address = (InetSocketAddress) front.getLocalAddress();
        thread = new Thread(this::run, "impairment-relay");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where clients send to. */
    public InetSocketAddress address() {
        return address;
    }

    /** From now on datagrams suffer so. Returns when it is in force. */
    public void impair(Impairment towardsServer, Impairment towardsClient) {
        command(() -> {
            toServer = towardsServer;
            toClient = towardsClient;
        });
    }

    /**
     * Gives every client a new address towards the server, as a NAT does that forgot; what the server sends to an old
     * one is lost. Returns when it is in force.
     */
    public void rebind() {
        command(() -> {
            backs.values().forEach(ImpairmentRelay::closeQuietly);
            backs.clear();
        });
    }

    /** Datagrams passed on, in both directions. */
    public long forwarded() {
        return forwarded.get();
    }

    /** Bytes of UDP payload passed on, in both directions. */
    public long forwardedBytes() {
        return forwardedBytes.get();
    }

    /** Datagrams lost, in both directions. */
    public long lost() {
        return lost.get();
    }

    @Override
    public void close() {
        closeQuietly(selector);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void command(Runnable change) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        commands.add(() -> {
            change.run();
            done.complete(null);
        });
        selector.wakeup();
        done.orTimeout(5, TimeUnit.SECONDS).join();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                step();
            }
        } catch (IOException | ClosedSelectorException e) {
            if (selector.isOpen()) {
                LOG.error("the relay stops", e);
            }
        } finally {
            backs.values().forEach(ImpairmentRelay::closeQuietly);
            closeQuietly(front);
        }
    }

    private void step() throws IOException {
        Delayed next = delayed.peek();
        if (next == null) {
            selector.select();
        } else {
            long millis = TimeUnit.NANOSECONDS.toMillis(next.dueNanos() - System.nanoTime());
            if (millis > 0) {
                selector.select(millis);
            } else {
                selector.selectNow();
            }
        }
        int dueCommands = commands.size();
        if (dueCommands > 0) {
            // What came before a command is treated as before it.
            selector.selectNow();
        }
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.isReadable()) {
                receiveAll((DatagramChannel) key.channel(), (SocketAddress) key.attachment());
            }
        }
        selector.selectedKeys().clear();
        for (int i = 0; i < dueCommands; i++) {
            commands.remove().run();
        }
        long now = System.nanoTime();
        for (Delayed due = delayed.peek(); due != null && due.dueNanos() - now <= 0; due = delayed.peek()) {
            delayed.poll();
            forward(due);
        }
    }

    /**
     * @param client whose socket towards the server it is; null for the front
     */
    private void receiveAll(DatagramChannel channel, SocketAddress client) throws IOException {
        while (channel.isOpen()) {
            buffer.clear();
            SocketAddress from;
            try {
                from = channel.receive(buffer);
            } catch (PortUnreachableException e) {
                continue;
            }
            if (from == null) {
                return;
            }
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            boolean up = client == null;
            accept(up, up ? from : client, bytes, up ? toServer : toClient);
        }
    }

    private void accept(boolean up, SocketAddress client, byte[] bytes, Impairment impairment) {
        if (random.nextDouble() < impairment.loss()) {
            lost.incrementAndGet();
            return;
        }
        int copies = random.nextDouble() < impairment.duplication() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (delayed.size() >= MAX_DELAYED) {
                lost.incrementAndGet();
                return;
            }
            long least = impairment.minDelay().toNanos();
            long spread = impairment.maxDelay().toNanos() - least;
            long delay = least + (spread == 0 ? 0 : (long) (random.nextDouble() * spread));
            delayed.add(new Delayed(System.nanoTime() + delay, order++, up, client, bytes));
        }
    }

    private void forward(Delayed datagram) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(datagram.bytes());
        if (datagram.up()) {
            DatagramChannel back = backs.get(datagram.client());
            if (back == null) {
                if (backs.size() >= MAX_CLIENTS) {
                    lost.incrementAndGet();
                    return;
                }
                back = openBack(datagram.client());
            }
            count(datagram);
            back.write(bytes);
        } else {
            count(datagram);
            front.send(bytes, datagram.client());
        }
    }

    /** Before it leaves, so that whoever got it finds it counted. */
    private void count(Delayed datagram) {
        forwarded.incrementAndGet();
        forwardedBytes.addAndGet(datagram.bytes().length);
    }

    private DatagramChannel openBack(SocketAddress client) throws IOException {
        DatagramChannel back = DatagramChannel.open();
        back.connect(target);
        back.configureBlocking(false);
        back.register(selector, SelectionKey.OP_READ, client);
        backs.put(client, back);
        return back;
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.debug("closing failed", e);
        }
    }
}
