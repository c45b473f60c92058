package dev.latchkey.coap.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client of the relay and the socket that stands for it towards the server; for the relay's thread. */
final class ClientLink {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLink.class);

    private final int number;
    private final SocketAddress client;
    private DatagramChannel back;
    private boolean stale;
    private long rebindAtNanos;
    private long upSinceRebind;
    private long up;
    private long down;

    /**
     * @param number how many clients came before it
     */
    ClientLink(int number, SocketAddress client, InetSocketAddress server, Selector selector) throws IOException {
        this.number = number;
        this.client = client;
        this.back = open(server, selector);
    }

    int number() {
        return number;
    }

    SocketAddress client() {
        return client;
    }

    DatagramChannel back() {
        return back;
    }

    /** How many datagrams in this direction came before this one. */
    long next(boolean towardsServer) {
        return towardsServer ? up++ : down++;
    }

    /** Gives up the address towards the server: what comes there is lost, the next datagram to the server gets another. */
    void expire() {
        stale = true;
    }

    boolean isStale() {
        return stale;
    }

    /** The next change of address by time. */
    void rebindAt(long nanos) {
        rebindAtNanos = nanos;
    }

    /**
     * Notes one more datagram to the server and expires the address if it served its time.
     *
     * @param everyNanos longest use of an address; 0 for any
     * @param everyDatagrams most datagrams from an address; 0 for any
     */
    void use(long nowNanos, long everyNanos, long everyDatagrams) {
        if (everyNanos > 0 && nowNanos - rebindAtNanos >= 0) {
            rebindAtNanos = nowNanos + everyNanos;
            stale = true;
        }
        if (everyDatagrams > 0 && upSinceRebind >= everyDatagrams) {
            stale = true;
        }
        if (stale) {
            upSinceRebind = 0;
        }
        upSinceRebind++;
    }

    /** A new address; the old one is still held while it is opened, so it is another. */
    void rebind(InetSocketAddress server, Selector selector) throws IOException {
        DatagramChannel old = back;
        back = open(server, selector);
        stale = false;
        closeQuietly(old);
    }

    void close() {
        closeQuietly(back);
    }

    private DatagramChannel open(InetSocketAddress server, Selector selector) throws IOException {
        DatagramChannel opened = DatagramChannel.open();
        try {
            opened.connect(server);
            opened.configureBlocking(false);
            opened.register(selector, SelectionKey.OP_READ, this);
            return opened;
        } catch (IOException e) {
            closeQuietly(opened);
            throw e;
        }
    }

    static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.debug("closing failed", e);
        }
    }
}
