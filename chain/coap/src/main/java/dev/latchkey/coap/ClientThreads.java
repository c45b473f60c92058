package dev.latchkey.coap;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.californium.elements.config.Configuration;
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
    private final SecureRandom random = new SecureRandom();
    private final Map<Kind, Configuration> configurations = new ConcurrentHashMap<>();

    private record Kind(ClientOptions options, boolean rawKey) {}

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

    SecureRandom random() {
        return random;
    }

    /** One for all clients of a kind, which do not change it: it takes 5 KB. */
    Configuration configuration(ClientOptions options, boolean rawKey) {
        return configurations.computeIfAbsent(
                new Kind(options, rawKey), kind -> CoapSettings.client(kind.options(), kind.rawKey()));
    }

    @Override
    public void close() {
        receiver.close();
        ExecutorsUtil.shutdownExecutorGracefully(STOP_MILLIS, executor);
    }
}
