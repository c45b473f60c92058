package dev.latchkey.sim.fleet;

import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.device.InboxListener;
import dev.latchkey.device.KeyPurpose;
import dev.latchkey.device.Received;
import dev.latchkey.device.Unopened;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.protocol.HandOver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One device of the fleet, a member from construction on; safe for use by many threads. */
public final class Handheld implements AutoCloseable {
    private static final Duration LONGEST_MOVE = Duration.ofMinutes(15);

    private final String name;
    private final String home;
    private final Path directory;
    private final DeviceSettings settings;
    private final DeviceThreads threads;
    private final Account account;
    private volatile Device device;

    /** What became of a reading. */
    enum Sent {
        ACKNOWLEDGED,
        /** The device or the gateway said no to this one reading. */
        REFUSED,
        /** The gateway did not answer, or the device cannot go on. */
        FAILED
    }

    private Handheld(
            String name,
            Path directory,
            DeviceSettings settings,
            DeviceThreads threads,
            Account account,
            Device device) {
        this.name = name;
        this.directory = directory;
        this.settings = settings;
        this.threads = threads;
        this.account = account;
        this.device = device;
        this.home = device.chainName();
    }

    /** Makes its keys, joins by voucher, and from then on is known by its own raw public key. */
    static CompletableFuture<Handheld> join(
            String name,
            Path directory,
            HandOver handOver,
            DeviceSettings settings,
            DeviceThreads threads,
            Account account) {
        return Device.join(directory, handOver, name, settings, threads)
                .thenApply(device -> new Handheld(name, directory, settings, threads, account, device));
    }

    public String name() {
        return name;
    }

    /** The sub-network that it joined. */
    public String home() {
        return home;
    }

    long recordHeight() {
        return device.recordHeight();
    }

    CompletableFuture<Long> checkpointHeight() {
        return device.checkpoint().thenApply(known -> known.checkpoint().height());
    }

    /** Begins to observe its inbox; what it opens it reports to the account. */
    void observe() {
        device.receive(new InboxListener() {
            @Override
            public void received(Received pack) {
                account.opened(name, pack);
            }

            @Override
            public void unopened(Unopened message) {
                account.stranger("a message from " + message.sender() + " to " + name + " that was not opened: "
                        + message.reason());
            }
        });
    }

    /** The key of a member of the sub-network that it joined, with proof that this device checked itself. */
    public CompletableFuture<VerifiedKey> key(String member) {
        return device.key(address(member));
    }

    /** By name and sub-network: what waits for a move to end is sent from elsewhere, where a bare name is another's. */
    private String address(String member) {
        return member + "@" + home;
    }

    /** Hands a reading to the gateway and tells the account what became of it; never fails. */
    CompletableFuture<Sent> send(Reading reading) {
        account.sending(reading);
        return deliver(reading);
    }

    /** The same for a reading that is on the account already. */
    CompletableFuture<Sent> deliver(Reading reading) {
        return device.send(address(reading.recipient()), reading.observation().pack())
                .handle((acknowledged, failure) -> {
                    if (failure == null) {
                        account.acknowledged(reading, acknowledged);
                        return Sent.ACKNOWLEDGED;
                    }
                    account.refused(reading, Explained.kind(failure), Explained.text(failure));
                    return Explained.isRefusal(failure) ? Sent.REFUSED : Sent.FAILED;
                });
    }

    /** Changes keys; what others sealed to the old ones is still opened. */
    public CompletableFuture<VerifiedKey> rotate(Set<KeyPurpose> which) {
        return device.rotate(which);
    }

    /** Moves to a sibling of its sub-network, under the same name. */
    public CompletableFuture<VerifiedKey> relocate(String chainName) {
        return device.relocate(chainName, name, LONGEST_MOVE);
    }

    /** Leaves the chain for good. */
    public CompletableFuture<Void> leave() {
        return device.leave();
    }

    /** Ends the connection and begins another, with what is on its disk, as after a loss of power. */
    CompletableFuture<Void> reopen() {
        device.close();
        return Device.open(directory, settings, threads).thenAccept(opened -> {
            device = opened;
            observe();
        });
    }

    @Override
    public void close() {
        device.close();
    }
}
