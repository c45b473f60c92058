package dev.latchkey.coap;

import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;

/**
 * The threads that any number of clients in one process share: for DTLS, CoAP and the caller's callbacks. Safe for use
 * by many threads. One thread more waits on the sockets of all. Close it after its clients.
 */
public final class ClientThreads implements AutoCloseable {
    private static final long STOP_MILLIS = 2_000;

    private final ProtocolScheduledExecutorService executor;
    private final SharedReceiver receiver = new SharedReceiver();

    /**
     * @param count threads for the work; two more keep the time
     */
    public ClientThreads(int count) {
        executor = ExecutorsUtil.newProtocolScheduledThreadPool(count, new DaemonThreadFactory("coaps-client#"));
    }

    ProtocolScheduledExecutorService executor() {
        return executor;
    }

    SharedReceiver receiver() {
        return receiver;
    }

    @Override
    public void close() {
        receiver.close();
        ExecutorsUtil.shutdownExecutorGracefully(STOP_MILLIS, executor);
    }
}
