package dev.latchkey.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that receives for the sockets of all clients; safe for use by many threads. */
final class SharedReceiver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedReceiver.class);

    /** The largest UDP datagram: a longer one than DTLS needs is cut by nobody but its reader. */
    private static final int MAX_DATAGRAM = 65_535;

    /** Datagrams of one socket in a row, so that none starves the others. */
    private static final int MAX_IN_A_ROW = 32;

    private final Selector selector;
    private final Queue<Registration> registrations = new ConcurrentLinkedQueue<>();
    private final byte[] buffer = new byte[MAX_DATAGRAM];

    private record Registration(DatagramChannel channel, Consumer<DatagramPacket> sink) {}

    SharedReceiver() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new IllegalStateException("the platform opens no selector", e);
        }
        Thread thread = new Thread(this::run, "coaps-client-receiver");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Receives for a socket until it is closed.
     *
     * @param sink gets each datagram, whose bytes it may use only until it returns
     */
    void register(DatagramChannel channel, Consumer<DatagramPacket> sink) {
        registrations.add(new Registration(channel, sink));
        selector.wakeup();
    }

    /** Gives closed sockets back to the system: they are let go between two selections only. */
    void release() {
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("closing the selector failed", e);
        }
    }

    private void run() {
        while (selector.isOpen()) {
            try {
                selector.select(this::receive);
                for (Registration next = registrations.poll(); next != null; next = registrations.poll()) {
                    next.channel().register(selector, SelectionKey.OP_READ, next.sink());
                }
            } catch (ClosedChannelException e) {
                LOG.debug("a socket was closed before it was served", e);
            } catch (ClosedSelectorException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.error("receiving failed", e);
            }
        }
    }

    private void receive(SelectionKey key) {
        @SuppressWarnings("unchecked")
        Consumer<DatagramPacket> sink = (Consumer<DatagramPacket>) key.attachment();
        DatagramChannel channel = (DatagramChannel) key.channel();
        try {
            for (int i = 0; i < MAX_IN_A_ROW; i++) {
                ByteBuffer target = ByteBuffer.wrap(buffer);
                SocketAddress from = channel.receive(target);
                if (from == null) {
                    return;
                }
                if (target.position() > 0) {
                    sink.accept(new DatagramPacket(buffer, target.position(), from));
                }
            }
        } catch (IOException e) {
            LOG.debug("a socket failed or was closed", e);
        } catch (RuntimeException e) {
            LOG.warn("a datagram was not taken", e);
        }
    }
}
