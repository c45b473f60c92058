package dev.latchkey.device;

import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.senml.Pack;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Names;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A member of a chain, with its keys and state in a directory of its own; safe for use by many threads. One process at a
 * time uses the directory. Every call answers at once with a future that fails with a {@link DeviceException}; {@link
 * #await} waits for one.
 *
 * <p>A device that joins, sends a temperature and listens, given a hand-over:
 *
 * <pre>{@code
 * DeviceSettings settings = DeviceSettings.standard(StrictEcVerifier.bouncy());
 * try (DeviceThreads threads = new DeviceThreads(1, 1);
 *         Device device = Device.await(
 *                 Device.join(Path.of("d-one"), handOver, "d-one", settings, threads), Duration.ofMinutes(1))) {
 *     device.receive(pack -> System.out.println(pack.sender() + " " + pack.contents().measurements()));
 *     Pack pack = Pack.at(Instant.now(), Record.of("temperature", "Cel", new BigDecimal("21.5")));
 *     Acknowledged done = Device.await(device.send("d-two", pack), Duration.ofMinutes(1));
 *     System.out.println("on the gateway's disk as number " + done.partialIv());
 * }
 * }</pre>
 */
public final class Device implements AutoCloseable {
    private static final String NAMES = "a name has 1 to 32 of a-z 0-9 . _ -";

    private final Succession course;

    private Device(Succession course) {
        this.course = course;
    }

    /**
     * Joins a chain by a voucher and connects as the new member. May be repeated after any failure with the same
     * arguments: the keys stay, and a join that was applied already is answered with its receipt. A directory whose
     * member has joined already is opened.
     *
     * @param directory for this device alone; made if it is not there
     * @param name the name to take; the voucher must allow it
     */
    public static CompletableFuture<Device> join(
            Path directory, HandOver handOver, String name, DeviceSettings settings, DeviceThreads threads) {
        if (!Names.isValid(name)) {
            return CompletableFuture.failedFuture(new DeviceException(DeviceException.Kind.STORE, NAMES));
        }
        Means means = Means.of(DeviceFiles.at(directory), settings, threads);
        return opened(means, new Joining(means, Invitation.of(handOver, name)).join());
    }

    /**
     * Joins a chain by an administrator's endorsement of the keys in the directory; else like the join by a voucher.
     *
     * @param directory where {@link NewKeys#in} made the keys
     */
    public static CompletableFuture<Device> join(
            Path directory, JoinTicket ticket, DeviceSettings settings, DeviceThreads threads) {
        Means means = Means.of(DeviceFiles.at(directory), settings, threads);
        return opened(means, new Joining(means, Invitation.of(ticket)).join());
    }

    /**
     * Connects as a member that already has the keys in the directory, as the chain proves: after operators put them in the
     * place of lost ones ({@link RecoveryRequest}).
     */
    public static CompletableFuture<Device> adopt(
            Path directory, HandOver handOver, String name, DeviceSettings settings, DeviceThreads threads) {
        Means means = Means.of(DeviceFiles.at(directory), settings, threads);
        Membership hoped = Membership.of(Invitation.of(handOver, name), 0);
        return opened(means, new Opening(means).adopted(hoped));
    }

    /** Connects as the member whose directory this is, and lets the gateway serve it. */
    public static CompletableFuture<Device> open(Path directory, DeviceSettings settings, DeviceThreads threads) {
        Means means = Means.of(DeviceFiles.at(directory), settings, threads);
        return opened(means, new Opening(means).member());
    }

    /**
     * Connects like {@link #open(Path, DeviceSettings, DeviceThreads)}, but at another gateway of the chain, which then is
     * the device's: for when the one before is gone. The chain has to prove its key.
     */
    public static CompletableFuture<Device> open(
            Path directory, GatewayAddress gateway, DeviceSettings settings, DeviceThreads threads) {
        Means means = Means.of(DeviceFiles.at(directory), settings, threads);
        return opened(means, new Opening(means, Optional.of(gateway)), new Opening(means).member());
    }

    private static CompletableFuture<Device> opened(Means means, CompletableFuture<Membership> member) {
        return opened(means, new Opening(means), member);
    }

    private static CompletableFuture<Device> opened(
            Means means, Opening opening, CompletableFuture<Membership> member) {
        return member.thenComposeAsync(opening::open, means.lane())
                .handleAsync(
                        (presence, failure) -> Failures.wrapped(() -> {
                            if (failure != null) {
                                means.patience().close();
                                means.unlock();
                                throw Failures.asDeviceException(failure);
                            }
                            return new Device(new Succession(means, presence));
                        }),
                        means.lane());
    }

    public String name() {
        return course.self().name();
    }

    public ChainId chain() {
        return course.self().chain();
    }

    public String chainName() {
        return course.self().chainName();
    }

    /**
     * Done when the chain has this device: at once, unless its gateway took the join while the cloud was away and the settings
     * take its word ({@link Verification#DELEGATED}). Until then the device may exchange packs with members at the same gateway
     * that take its word too, and nothing else. It then goes on as a member like any other by itself.
     *
     * @return fails with {@link DeviceException.Kind#REFUSED} and the chain's code when the chain refuses the join: what was
     *     sent and not read is withdrawn, the device is closed, and its directory holds keys to join anew with. Fails with {@link
     *     DeviceException.Kind#CLOSED} when the device is closed before
     */
    public CompletableFuture<Void> settled() {
        return course.settled();
    }

    /** Whether the chain has not decided on the device's join yet. */
    public boolean isProvisional() {
        return !course.settled().isDone();
    }

    /** The height of the block that wrote this device's record: of its join, or of its keys since. */
    public long recordHeight() {
        return course.self().height();
    }

    /** The name of the gateway that serves the device. */
    public String gatewayName() {
        return course.self().gatewayName();
    }

    /** Its address, {@code host:port}. */
    public String gatewayAddress() {
        return course.self().gatewayHost() + ":" + course.self().gatewayPort();
    }

    /** The newest checkpoint that the gateway has, verified from the chain id on. */
    public CompletableFuture<VerifiedCheckpoint> checkpoint() {
        return course.now(presence -> presence.view().checkpoint(0, Duration.ZERO));
    }

    /**
     * A member's record as the gateway knows it now, proved under the newest checkpoint of its chain. A member that moved is
     * followed: the record, and the checkpoint under it, are then of the chain it moved to.
     *
     * @param member a name in the device's chain, or {@code name@chain} for a sibling of it
     */
    public CompletableFuture<VerifiedKey> key(String member) {
        return of(member, address -> course.now(presence -> presence.chains().proved(address)));
    }

    /**
     * A member's record as the settings' {@link Verification} knows it, with its age: what sealing goes by. It is kept over
     * restarts.
     *
     * @param member a name in the device's chain, or {@code name@chain} for a sibling of it; one that moved is followed
     * @param maxAge how long ago the gateway may have been asked for it; zero asks now
     */
    public CompletableFuture<MemberKey> key(String member, Duration maxAge) {
        return of(member, address -> course.now(presence -> presence.chains().key(address, maxAge)));
    }

    private static <K> CompletableFuture<K> of(String member, Function<Address, CompletableFuture<K>> question) {
        return Address.of(member)
                .map(question)
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new DeviceException(DeviceException.Kind.UNKNOWN_MEMBER, "not the name of a member")));
    }

    /** Seals a pack to a member and hands it to the gateway; done when the gateway has it on its disk. */
    public CompletableFuture<Acknowledged> send(String recipient, Pack pack) {
        return send(recipient, pack, Delivery.CONFIRMED);
    }

    /**
     * Seals a pack to a member and hands it to the gateway; done when the gateway has it on its disk. Packs to one
     * member go in the order of the calls, unless the settings allow several on their way at once.
     *
     * @param recipient another member, which is no gateway: a name in the device's chain, or {@code name@chain} for a
     *     sibling of it. One that moved is followed
     * @param delivery whether it is repeated until the gateway answers
     */
    public CompletableFuture<Acknowledged> send(String recipient, Pack pack, Delivery delivery) {
        return send(Set.of(recipient), pack, delivery);
    }

    /**
     * Seals a pack to several members at once, in one session in which each of them may answer all. Sealed once, stored once
     * for each; otherwise as to one.
     *
     * @param recipients 1 to 16 other members
     */
    public CompletableFuture<Acknowledged> send(Set<String> recipients, Pack pack, Delivery delivery) {
        Optional<Recipients> meant = Recipients.of(recipients);
        if (meant.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.UNKNOWN_MEMBER, "not the names of 1 to 16 members"));
        }
        if (recipients.contains(name())) {
            // No gateway queues it.
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.NO_RECIPIENT, "a device cannot send to itself"));
        }
        return course.inTurn(presence -> presence.send(meant.get(), pack, delivery));
    }

    /**
     * Begins to receive. Each pack that was sealed to this device is delivered to the listener once.
     *
     * @return fails when it cannot begin, or when the device is closed
     * @throws IllegalStateException if the device receives already
     */
    public CompletableFuture<Void> receive(InboxListener listener) {
        return receive(listener, Long.MAX_VALUE);
    }

    /**
     * Receives so many packs and leaves the others at the gateway for the next call.
     *
     * @return done when they are delivered and the gateway has answered that it dropped them; the device may then receive
     *     again. Fails when the device is closed before
     * @throws IllegalStateException if the device receives already
     */
    public CompletableFuture<Void> receive(InboxListener listener, long most) {
        if (most < 1) {
            throw new IllegalArgumentException("nothing to receive");
        }
        return course.receive(listener, most);
    }

    /**
     * Changes some of this device's keys. What is on its way is finished before, what is asked for meanwhile follows
     * after; sessions begin anew, and what others sealed to the old key is still opened. A new signing key is the one that
     * the device committed to before, where it did.
     *
     * <p>May be repeated after any failure, also after a restart: a change that is under way is finished first, whatever
     * was asked for, and that is then the answer.
     *
     * @param which at least one
     * @return the device's record with its new keys
     */
    public CompletableFuture<VerifiedKey> rotate(Set<KeyPurpose> which) {
        if (which.isEmpty()) {
            throw new IllegalArgumentException("no key to change");
        }
        return course.rotate(which);
    }

    /**
     * Takes three new keys by the next key that this device committed to, which alone signs for it: whoever else holds its
     * present keys is shut out. Otherwise like {@link #rotate}.
     */
    public CompletableFuture<VerifiedKey> recover() {
        return course.recover();
    }

    /** Objects to a recovery that operators asked for, before it takes effect. */
    public CompletableFuture<VerifiedKey> veto() {
        return course.now(Presence::veto);
    }

    /**
     * Moves to a sibling chain, with keys and mailbox. What others sent before, and send meanwhile, arrives; in the chain
     * that it leaves the name says where it has gone. What is on its way is finished before.
     *
     * <p>May be repeated after any failure, also after a restart: a move that is under way is brought to its end first, and
     * {@link #open} does so too. After the deadline a member that was not taken in goes back.
     *
     * @param chainName a sibling that takes in members of this chain; the device's gateway serves both
     * @param nameThere the name to have there
     * @param within time for the move, at most an hour
     * @return the device's record, where it is then
     */
    public CompletableFuture<VerifiedKey> relocate(String chainName, String nameThere, Duration within) {
        if (!Names.isValid(nameThere)) {
            return CompletableFuture.failedFuture(new DeviceException(DeviceException.Kind.MOVING, NAMES));
        }
        return course.relocate(chainName, nameThere, within);
    }

    /**
     * Changes to another gateway of the chain, which the chain has to prove, and which serves the device from then on: its
     * inbox is read there. Keys and what others sent are the same; a session goes
     * on if the other gateway knows it, else a new one follows. What is on its way is finished before, which takes as long as the settings' patience where
     * the gateway before is gone.
     *
     * @return fails when the other gateway cannot be reached, is not proved, or does not take the device; the one before is
     *     then the device's still, on the disk too
     */
    public CompletableFuture<Void> changeGateway(GatewayAddress other) {
        return course.changeGateway(other);
    }

    /** Leaves the chain: the name stays taken, the keys are current no more. The device closes when it is done. */
    public CompletableFuture<Void> leave() {
        return course.leave();
    }

    /**
     * Waits for a future of a device.
     *
     * @throws DeviceException what the future failed with, or {@link DeviceException.Kind#UNREACHABLE} when the time is
     *     over; what was asked for may then still happen
     */
    public static <T> T await(CompletableFuture<T> future, Duration longest)
            throws DeviceException, InterruptedException {
        try {
            return future.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DeviceException(DeviceException.Kind.UNREACHABLE, "not done in time", e);
        } catch (ExecutionException e) {
            throw Failures.asDeviceException(e);
        }
    }

    /**
     * Ends the connection and gives the directory free; what is under way fails. The state in the directory is whole at
     * any time, so a process that dies needs no close.
     */
    @Override
    public void close() {
        course.close();
    }

    @Override
    public String toString() {
        return "Device[" + name() + "@" + chainName() + "]";
    }
}
