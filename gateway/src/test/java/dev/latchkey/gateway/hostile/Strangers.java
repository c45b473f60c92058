package dev.latchkey.gateway.hostile;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Senders that the gateway does not know, each with an address of its own within 127.0.0.0/8, who look at what comes back and
 * do not answer it; for one thread. None of them may be sent more than it sent.
 */
final class Strangers implements AutoCloseable {
    private static final int AT_ONCE = 128;
    private static final int DATAGRAM = 2_048;
    private static final int TRIES = 10;
    private static final int PATIENCE_MILLIS = 300;

    private final InetSocketAddress gateway;
    private final Random random;
    private final Deque<Sender> open = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM);
    private long sentDatagrams;
    private long sentBytes;
    private long answers;
    private long answerBytes;
    private double worst;

    /** A socket, what it sent and what it was sent. */
    private static final class Sender {
        final DatagramChannel channel;
        long sent;
        long received;

        Sender(DatagramChannel channel) {
            this.channel = channel;
        }
    }

    Strangers(InetSocketAddress gateway, Random random) {
        this.gateway = gateway;
        this.random = random;
    }

    /** Sends until a moment, so many a second, each from a new address. */
    void flood(long untilNanos, int perSecond, Supplier<Bytes> datagrams) throws IOException {
        long start = System.nanoTime();
        for (long i = 0; System.nanoTime() < untilNanos; i++) {
            long early = start + i * 1_000_000_000L / perSecond - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            }
            send(datagrams.get());
        }
    }

    void send(Bytes datagram) throws IOException {
        if (open.size() == AT_ONCE) {
            close(open.removeFirst());
        }
        Sender sender = new Sender(DatagramChannel.open());
        sender.channel.bind(new InetSocketAddress(address(random), 0));
        sender.channel.configureBlocking(false);
        sender.sent = sender.channel.send(ByteBuffer.wrap(datagram.toArray()), gateway);
        open.addLast(sender);
        sentDatagrams++;
        sentBytes += datagram.size();
    }

    static InetAddress address(Random random) throws IOException {
        return InetAddress.getByAddress(new byte[] {
            127, (byte) (1 + random.nextInt(254)), (byte) random.nextInt(256), (byte) (1 + random.nextInt(254))
        });
    }

    /** The most that one of them was sent for a byte that it had sent. */
    double worst() {
        return worst;
    }

    long answers() {
        return answers;
    }

    @Override
    public String toString() {
        return sentDatagrams + " datagrams of " + sentBytes + " bytes, " + answers + " answers of " + answerBytes
                + " bytes, at most " + Math.round(worst * 100) + " % of what was sent";
    }

    /** Looks at the last answers. */
    void finish() throws IOException {
        while (!open.isEmpty()) {
            close(open.removeFirst());
        }
    }

    @Override
    public void close() throws IOException {
        finish();
    }

    private void close(Sender sender) throws IOException {
        while (sender.channel.receive(buffer.clear()) != null) {
            answers++;
            sender.received += buffer.position();
        }
        answerBytes += sender.received;
        worst = Math.max(worst, (double) sender.received / sender.sent);
        sender.channel.close();
    }

    /** Asks for a cookie from a new address, and begins a handshake with it; empty if no cookie came. */
    static Optional<Verified> verified(InetSocketAddress gateway, InetAddress from, Random random) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(from, 0));
        channel.connect(gateway);
        channel.socket().setSoTimeout(PATIENCE_MILLIS);
        Bytes nonce = Flight.random(random, 32);
        Verified verified = new Verified(channel);
        Optional<Bytes> cookie = Optional.empty();
        for (int i = 0; i < TRIES && cookie.isEmpty(); i++) {
            verified.send(Flight.hello(Flight.DTLS_1_2, nonce, Bytes.EMPTY, 0));
            cookie = verified.receive().flatMap(Flight::cookie);
        }
        if (cookie.isEmpty()) {
            channel.close();
            return Optional.empty();
        }
        verified.send(Flight.hello(Flight.DTLS_1_2, nonce, cookie.get(), 0));
        return Optional.of(verified);
    }

    /** Who has proved an address and nothing else. */
    record Verified(DatagramChannel channel) implements AutoCloseable {
        void send(Bytes datagram) throws IOException {
            channel.write(ByteBuffer.wrap(datagram.toArray()));
        }

        Optional<Bytes> receive() throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM], DATAGRAM);
            try {
                channel.socket().receive(packet);
            } catch (SocketTimeoutException e) {
                return Optional.empty();
            }
            return Optional.of(Bytes.wrap(Arrays.copyOf(packet.getData(), packet.getLength())));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
