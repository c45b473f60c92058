package dev.latchkey.gateway;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsServer;
import dev.latchkey.gateway.admin.AdminTree;
import dev.latchkey.gateway.enrol.ProvisionalListener;
import dev.latchkey.gateway.intake.InboxListener;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.tree.DeviceTree;
import dev.latchkey.gateway.tree.Problems;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what happened inside into notifications and closed connections; safe for use by many threads, and it only hands
 * on: everything runs on the timer's thread.
 */
final class Notifier implements InboxListener, ProvisionalListener {
    /**
     * How long the connection of a member that left stays open: its requests are refused at once, and the answer to the
     * leave itself still gets through.
     */
    private static final Duration BEFORE_CLOSING = Duration.ofMillis(500);

    /** How often observers of the status hear of it. */
    private static final Duration BETWEEN_STATUS = Duration.ofSeconds(5);

    /** Observers of the other things of the admin endpoint hear of a change after this, together with what else came. */
    private static final Duration BEFORE_ADMINS = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final ScheduledExecutorService timer;
    private final AtomicBoolean checkpointDue = new AtomicBoolean();
    private final Set<String> adminsDue = ConcurrentHashMap.newKeySet();
    private volatile Function<Bytes, Optional<MemberHandle>> connected = id -> Optional.empty();
    private volatile Optional<CoapsServer> devices = Optional.empty();
    private volatile Optional<CoapsServer> admins = Optional.empty();

    Notifier(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /**
     * From now on there is somebody to notify.
     *
     * @param handles the handle under which a member is connected, by its id
     */
    void serve(Function<Bytes, Optional<MemberHandle>> handles, CoapsServer deviceServer, CoapsServer adminServer) {
        connected = handles;
        devices = Optional.of(deviceServer);
        admins = Optional.of(adminServer);
        timer.scheduleWithFixedDelay(
                () -> adminServer.changed(AdminTree.STATUS, peer -> true),
                BETWEEN_STATUS.toMillis(),
                BETWEEN_STATUS.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void arrived(Collection<Bytes> members) {
        later(Duration.ZERO, () -> members.forEach(this::notifyInbox));
    }

    @Override
    public void settled(Digest transactionId, MemberHandle handle) {
        String path = DeviceTree.OUTCOME + transactionId.toHex();
        later(Duration.ZERO, () -> devices.ifPresent(server -> server.changed(path, peer -> true)));
        // Who is a member now comes anew, as one; to the other it is said why.
        ended(handle, handle.isRefused() ? Optional.of(Problems.of("provisional-refused")) : Optional.empty());
    }

    /** A member's connections must end; what it observes ends with the reason. */
    void memberEnded(MemberHandle handle) {
        ended(handle, Optional.of(Problems.ofEnding(handle)));
    }

    private void ended(MemberHandle handle, Optional<CoapResponse> last) {
        later(BEFORE_CLOSING, () -> {
            devices.ifPresent(server -> end(server, handle, last));
            admins.ifPresent(server -> end(server, handle, last));
        });
    }

    private static void end(CoapsServer server, MemberHandle handle, Optional<CoapResponse> last) {
        last.ifPresentOrElse(
                word -> server.close(peer -> peer.handle() == handle, word),
                () -> server.close(peer -> peer.handle() == handle));
    }

    /** A newer checkpoint may be handed out; each observer hears of it when its own pace lets it. */
    void headChanged() {
        if (checkpointDue.compareAndSet(false, true)) {
            later(Duration.ZERO, () -> {
                checkpointDue.set(false);
                devices.ifPresent(server -> server.changed(DeviceTree.CHECKPOINT, peer -> true));
            });
        }
    }

    /** What administrators may observe has changed. */
    void adminsChanged(String path) {
        if (adminsDue.add(path)) {
            later(BEFORE_ADMINS, () -> {
                adminsDue.remove(path);
                admins.ifPresent(server -> server.changed(path, peer -> true));
            });
        }
    }

    private void notifyInbox(Bytes member) {
        devices.ifPresent(
                server -> connected.apply(member).ifPresent(handle -> server.changedFor(DeviceTree.INBOX, handle)));
    }

    private void later(Duration wait, Runnable task) {
        try {
            timer.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing");
        }
    }
}
