package dev.latchkey.coap;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.elements.util.ClockUtil;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.scandium.dtls.Connection;

/**
 * Ends what lasts too long: handshakes, and connections on which nothing comes, of which DTLS itself knows no end. It looks
 * often enough that nothing lasts an eighth longer than it may, or a minute. Safe for use by many threads.
 */
final class Expiry {
    private static final long MAX_PERIOD_MILLIS = 60_000;
    private static final int LOOKS_PER_LIFE = 8;

    private final ProtocolScheduledExecutorService executor;
    private final ServerLimits limits;
    private final Tally tally;

    Expiry(ProtocolScheduledExecutorService executor, ServerLimits limits, Tally tally) {
        this.executor = executor;
        this.limits = limits;
        this.tally = tally;
    }

    void start(HandshakeWatch handshakes, PeerLinks links, Consumer<PeerLink> end) {
        every(limits.handshakes().longest(), handshakes::sweep);
        Duration member = limits.connections().quietMember();
        Duration voucher = limits.connections().quietVoucher();
        every(member.compareTo(voucher) < 0 ? member : voucher, () -> endQuiet(links, end));
    }

    private void every(Duration life, Runnable look) {
        long period = Math.max(1, Math.min(MAX_PERIOD_MILLIS, life.toMillis() / LOOKS_PER_LIFE));
        executor.scheduleBackgroundWithFixedDelay(() -> executor.execute(look), period, period, TimeUnit.MILLISECONDS);
    }

    private void endQuiet(PeerLinks links, Consumer<PeerLink> end) {
        long now = ClockUtil.nanoRealtime();
        ServerLimits.Connections quiet = limits.connections();
        for (PeerLink link : links.snapshot()) {
            Duration longest = link.peer() instanceof VoucherPeer ? quiet.quietVoucher() : quiet.quietMember();
            Optional<Connection> connection = link.connection();
            if (connection.isPresent()
                    && now - connection.get().getLastMessageNanos() > longest.toNanos()
                    && link.expire()) {
                tally.connectionsExpired.increment();
                end.accept(link);
            }
        }
    }
}
