package dev.latchkey.coap.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP relay on loopback in front of one server: each client that sends to it gets a socket of its own towards the
 * server, as behind a NAT, and what passes is counted. Safe for use by many threads; one thread of its own does the work.
 *
 * <p>Clients are numbered in the order of their first datagrams. What chance does to a datagram is decided by the seed,
 * its client's number, its direction and its number among that client's in that direction. The relay invents nothing: a
 * datagram that comes out came in with the same bytes, and comes out twice at most; with {@link Impairment#NONE} each
 * client's come out in their order.
 */
public final class ImpairmentRelay implements AutoCloseable {
    /** Sockets towards the server; for a further client the one that sent nothing for the longest time is forgotten. */
    public static final int MAX_CLIENTS = 8_192;

    /** Datagrams on their way; further ones are lost, as in a router. */
    public static final int MAX_DELAYED = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(ImpairmentRelay.class);
    private static final int MAX_DATAGRAM = 65_536;

    /** Datagrams of one socket in a row, so that none starves the others. */
    private static final int MAX_IN_A_ROW = 1_024;

    /** All clients send to one socket at once: a fleet's burst finds room (as far as net.core.rmem_max goes). */
    private static final int BUFFER_BYTES = 1 << 22;

    private static final long NANOS_OF_A_MILLI = 1_000_000L;
    private static final long FIRST_REBINDING = -1;

    private final InetSocketAddress target;
    private final int maxClients;
    private final Dice dice;
    private final Selector selector = Selector.open();
    private final DatagramChannel front = DatagramChannel.open();
    private final InetSocketAddress address;
    private final Thread thread;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Direction up = new Direction(true);
    private final Direction down = new Direction(false);
    private final AtomicLong rebindings = new AtomicLong();
    // The rest is the thread's own. Whoever sent last is last.
    private final Map<SocketAddress, ClientLink> links = new LinkedHashMap<>(16, 0.75f, true);
    private final PriorityQueue<Delayed> delayed = new PriorityQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    private long order;
    private int clients;
    private long rebindNanos;
    private long rebindDatagrams;

    /** A datagram that leaves later; those of the same instant leave in their order. */
    private record Delayed(long dueNanos, long order, Direction direction, ClientLink link, ByteBuffer bytes)
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
        this(target, seed, MAX_CLIENTS);
    }

    /**
     * The same with room for so many clients; one more takes the address of the one that was silent for longest.
     *
     * @throws IOException if no socket could be opened
     */
    public ImpairmentRelay(InetSocketAddress target, long seed, int maxClients) throws IOException {
        this.target = target;
        this.maxClients = maxClients;
        this.dice = new Dice(seed);
        try {
            front.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            front.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            front.configureBlocking(false);
            front.register(selector, SelectionKey.OP_READ);
            address = (InetSocketAddress) front.getLocalAddress();
        } catch (IOException e) {
            ClientLink.closeQuietly(front);
            ClientLink.closeQuietly(selector);
            throw e;
        }
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
            up.impair(towardsServer);
            down.impair(towardsClient);
        });
    }

    /**
     * Gives every client a new address towards the server with its next datagram, as a NAT does that forgot; what the
     * server sends to the old one is lost. Returns when it is in force.
     */
    public void rebind() {
        command(() -> links.values().forEach(ClientLink::expire));
    }

    /**
     * From now on gives each client a new address with its first datagram after every so long; the first time comes at
     * a moment of its own. Returns when it is in force.
     *
     * @param period zero for never
     */
    public void rebindEvery(Duration period) {
        command(() -> {
            rebindNanos = period.toNanos();
            links.values().forEach(this::drawRebinding);
        });
    }

    /**
     * From now on gives each client a new address after every so many of its datagrams. Returns when it is in force.
     *
     * @param datagrams towards the server; zero for never
     */
    public void rebindEvery(int datagrams) {
        command(() -> rebindDatagrams = datagrams);
    }

    /** What clients sent so far. */
    public Traffic up() {
        return up.meter.traffic();
    }

    /** What the server sent so far. */
    public Traffic down() {
        return down.meter.traffic();
    }

    /** New addresses that clients got so far. */
    public long rebindings() {
        return rebindings.get();
    }

    @Override
    public void close() {
        ClientLink.closeQuietly(selector);
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
            links.values().forEach(ClientLink::close);
            ClientLink.closeQuietly(front);
        }
    }

    private void step() throws IOException {
        Delayed next = delayed.peek();
        if (next == null) {
            selector.select();
        } else {
            // Rounded up: a thousand waits a second at most, each for all that is due by then.
            long millis = Math.floorDiv(next.dueNanos() - System.nanoTime() + NANOS_OF_A_MILLI - 1, NANOS_OF_A_MILLI);
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
                receive((DatagramChannel) key.channel(), (ClientLink) key.attachment());
            }
        }
        selector.selectedKeys().clear();
        for (int i = 0; i < dueCommands; i++) {
            commands.remove().run();
        }
        long now = System.nanoTime();
        for (Delayed due = delayed.peek(); due != null && due.dueNanos() - now <= 0; due = delayed.peek()) {
            delayed.poll();
            leave(due.direction(), due.link(), due.bytes());
        }
    }

    /**
     * @param link whose socket towards the server it is; null for the front
     */
    private void receive(DatagramChannel channel, ClientLink link) {
        for (int i = 0; i < MAX_IN_A_ROW && channel.isOpen(); i++) {
            buffer.clear();
            SocketAddress from;
            try {
                from = channel.receive(buffer);
            } catch (PortUnreachableException e) {
                // The server is away: what was sent to it is lost, as on any network.
                continue;
            } catch (IOException e) {
                LOG.debug("receiving failed", e);
                return;
            }
            if (from == null) {
                return;
            }
            buffer.flip();
            if (link == null) {
                fromClient(from);
            } else {
                fromServer(link);
            }
        }
    }

    private void fromClient(SocketAddress client) {
        up.meter.sent(buffer);
        ClientLink link = links.get(client);
        if (link == null) {
            try {
                link = open(client);
            } catch (IOException e) {
                LOG.debug("a client got no socket", e);
                up.meter.lost();
                return;
            }
        }
        pass(up, link);
    }

    private ClientLink open(SocketAddress client) throws IOException {
        if (links.size() >= maxClients) {
            Iterator<ClientLink> eldest = links.values().iterator();
            eldest.next().close();
            eldest.remove();
        }
        ClientLink link = new ClientLink(clients++, client, target, selector);
        links.put(client, link);
        drawRebinding(link);
        return link;
    }

    private void drawRebinding(ClientLink link) {
        double share = dice.of(link.number(), true, FIRST_REBINDING).roll();
        link.rebindAt(System.nanoTime() + (long) (share * rebindNanos));
    }

    private void fromServer(ClientLink link) {
        down.meter.sent(buffer);
        if (link.isStale()) {
            down.meter.lost();
        } else {
            pass(down, link);
        }
    }

    /** Decides about the datagram in the buffer. */
    private void pass(Direction direction, ClientLink link) {
        Impairment impairment = direction.impairment();
        dice.of(link.number(), direction.up, link.next(direction.up));
        if (buffer.remaining() > impairment.mtu()) {
            direction.meter.tooLarge();
            return;
        }
        if (dice.roll() < impairment.loss()) {
            direction.meter.lost();
            return;
        }
        boolean twice = dice.roll() < impairment.duplication();
        passCopy(direction, link, impairment);
        if (twice) {
            direction.meter.duplicated();
            passCopy(direction, link, impairment);
        }
    }

    private void passCopy(Direction direction, ClientLink link, Impairment impairment) {
        long least = impairment.minDelay().toNanos();
        long delay = least + (long) (dice.roll() * (impairment.maxDelay().toNanos() - least));
        if (dice.roll() < impairment.reordering()) {
            delay += Impairment.OVERTAKEN.toNanos();
        }
        delay += direction.turn(buffer.remaining());
        if (delay == 0) {
            leave(direction, link, buffer.duplicate());
        } else if (delayed.size() < MAX_DELAYED) {
            ByteBuffer bytes = ByteBuffer.allocate(buffer.remaining());
            bytes.put(buffer.duplicate()).flip();
            delayed.add(new Delayed(System.nanoTime() + delay, order++, direction, link, bytes));
        } else {
            direction.meter.lost();
        }
    }

    private void leave(Direction direction, ClientLink link, ByteBuffer bytes) {
        int size = bytes.remaining();
        // Before it leaves, so that whoever got it finds it counted.
        direction.meter.passed(size);
        try {
            if (direction.up) {
                toServer(link, bytes);
            } else {
                front.send(bytes, link.client());
            }
        } catch (PortUnreachableException e) {
            LOG.debug("the server is away; a datagram is lost, as on any network");
        } catch (IOException e) {
            LOG.debug("a datagram could not be sent", e);
        }
        if (bytes.hasRemaining()) {
            direction.meter.notPassed(size);
        }
    }

    private void toServer(ClientLink link, ByteBuffer bytes) throws IOException {
        link.use(System.nanoTime(), rebindNanos, rebindDatagrams);
        if (link.isStale()) {
            link.rebind(target, selector);
            rebindings.incrementAndGet();
        }
        link.back().write(bytes);
    }
}
