package dev.latchkey.coap.relay;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts the datagrams of one direction; written by the relay's thread, read by any. */
final class TrafficMeter {
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int TLS12_CID = 25;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong handshakes = new AtomicLong();
    private final AtomicLong handshakeBytes = new AtomicLong();
    private final AtomicLongArray applicationData = new AtomicLongArray(DatagramSizes.SIZES);
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong passedBytes = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong duplicated = new AtomicLong();
    private final AtomicLong tooLarge = new AtomicLong();

    /** One came in; its content type is its first byte. */
    void sent(ByteBuffer datagram) {
        int size = datagram.remaining();
        sent.incrementAndGet();
        sentBytes.addAndGet(size);
        if (size == 0) {
            return;
        }
        switch (datagram.get(datagram.position())) {
            case CHANGE_CIPHER_SPEC, HANDSHAKE -> {
                handshakes.incrementAndGet();
                handshakeBytes.addAndGet(size);
            }
            case APPLICATION_DATA, TLS12_CID ->
                applicationData.incrementAndGet(Math.min(size, DatagramSizes.SIZES - 1));
            default -> {}
        }
    }

    /** One goes out. */
    void passed(int size) {
        passed.incrementAndGet();
        passedBytes.addAndGet(size);
    }

    /** The one that was to go out found no room. */
    void notPassed(int size) {
        passed.decrementAndGet();
        passedBytes.addAndGet(-size);
        lost.incrementAndGet();
    }

    void lost() {
        lost.incrementAndGet();
    }

    void duplicated() {
        duplicated.incrementAndGet();
    }

    void tooLarge() {
        tooLarge.incrementAndGet();
    }

    Traffic traffic() {
        long[] sizes = new long[DatagramSizes.SIZES];
        for (int size = 0; size < sizes.length; size++) {
            sizes[size] = applicationData.get(size);
        }
        return new Traffic(
                sent.get(),
                sentBytes.get(),
                handshakes.get(),
                handshakeBytes.get(),
                new DatagramSizes(sizes),
                passed.get(),
                passedBytes.get(),
                lost.get(),
                duplicated.get(),
                tooLarge.get());
    }
}
