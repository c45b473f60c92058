package dev.latchkey.coap;

import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import org.eclipse.californium.scandium.DtlsDatagramFilter;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.Record;

/**
 * Bounds what unauthenticated datagrams cost; safe for use by many threads. Scandium's own filter of forged records makes
 * a connection deaf while they come, to its peer as well: nine datagrams would cut a device off. This one spares what
 * comes from where the peer was last.
 */
final class InboundFilter extends DtlsDatagramFilter {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int EPOCH_LOW = 4;
    private static final int MESSAGE_TYPE = 13;

    private final Tally tally;
    private final int forgeriesPerSecond;
    private final TokenBucket hellos;
    private final SourceBuckets hellosByAddress;

    /** The forged records of one connection; used by its serial executor only. */
    private static final class Forgeries {
        private final TokenBucket allowed;
        private boolean exceeded;

        Forgeries(int perSecond) {
            allowed = new TokenBucket(perSecond, perSecond, System.nanoTime());
        }
    }

    InboundFilter(ServerLimits limits, Tally tally) {
        this.tally = tally;
        this.forgeriesPerSecond = limits.connections().forgeriesPerSecond();
        int rate = limits.handshakes().hellosPerSecond();
        this.hellos = new TokenBucket(rate, rate, System.nanoTime());
        this.hellosByAddress = new SourceBuckets(limits.handshakes().hellosPerSecondPerAddress());
    }

    @Override
    public boolean onReceiving(DatagramPacket packet) {
        if (!super.onReceiving(packet)) {
            return false;
        }
        if (isClientHello(packet.getData(), packet.getOffset(), packet.getLength()) && !takesHello(packet)) {
            tally.hellosRefused.increment();
            return false;
        }
        return true;
    }

    private static boolean isClientHello(byte[] bytes, int offset, int length) {
        return length > MESSAGE_TYPE
                && bytes[offset] == HANDSHAKE
                && bytes[offset + EPOCH_LOW] == 0
                && bytes[offset + MESSAGE_TYPE] == CLIENT_HELLO;
    }

    private boolean takesHello(DatagramPacket packet) {
        long now = System.nanoTime();
        return hellosByAddress.tryTake(packet.getAddress(), now) && hellos.tryTake(now);
    }

    @Override
    public boolean onReceiving(Record record, Connection connection) {
        if (!(connection.getFilterData() instanceof Forgeries)) {
            return true;
        }
        Forgeries forgeries = (Forgeries) connection.getFilterData();
        InetSocketAddress last = connection.getPeerAddress();
        if (!forgeries.exceeded || record.getPeerAddress().equals(last)) {
            return true;
        }
        // One more is tried as soon as the rate allows for it: it may be the peer at a new address.
        forgeries.exceeded = !forgeries.allowed.tryTake(System.nanoTime());
        return !forgeries.exceeded;
    }

    @Override
    public boolean onMacError(Record record, Connection connection) {
        if (!(connection.getFilterData() instanceof Forgeries)) {
            connection.setFilterData(new Forgeries(forgeriesPerSecond));
        }
        Forgeries forgeries = (Forgeries) connection.getFilterData();
        forgeries.exceeded = !forgeries.allowed.tryTake(System.nanoTime());
        return false;
    }
}
