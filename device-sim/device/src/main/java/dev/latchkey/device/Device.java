package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.envelope.Author;
import dev.latchkey.envelope.Receiver;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.senml.Pack;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.TransactionSigning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A member of a chain, with its keys and state in a directory of its own; safe for use by many threads. One process at a
 * time uses the directory. Every call answers with a future that fails with a {@link DeviceException}; {@link #await}
 * waits for one.
 */
public final class Device implements AutoCloseable {
    private static final Duration TICKET_CHECK = Duration.ofHours(1);

    private final DeviceFiles files;
    private final Identity identity;
    private final DeviceSettings settings;
    private final DeviceThreads threads;
    private final Lane lane;
    private final Patience patience;
    private final Membership self;
    private final GatewayLink link;
    private final ChainView view;
    private final ServeTickets tickets;
    private final Author author;
    private final Window window;

    // Used from the lane.
    private final Map<String, Conversation> conversations = new HashMap<>();
    private Optional<Inbox> inbox = Optional.empty();
    private final AtomicBoolean receiving = new AtomicBoolean();
    private volatile boolean closed;

    private Device(
            DeviceFiles files,
            Identity identity,
            Connecting.Connected connected,
            DeviceSettings settings,
            DeviceThreads threads,
            Lane lane,
            Patience patience) {
        this.files = files;
        this.identity = identity;
        this.settings = settings;
        this.threads = threads;
        this.lane = lane;
        this.patience = patience;
        this.self = connected.self();
        this.link = connected.link();
        this.view = new ChainView(self, link, files, settings, threads, lane, patience);
        this.tickets = new ServeTickets(self, identity.sig(), link, settings.clock(), lane);
        this.author = new Author(self.name(), identity.sig(), settings.random());
        this.window = new Window(settings.outstanding(), lane);
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
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.STORE, "a name has 1 to 32 of a-z 0-9 . _ -"));
        }
        Lane lane = new Lane(threads.work());
        DeviceFiles files = DeviceFiles.at(directory);
        return opened(
                files, lane, new Joining(files, handOver, name, settings, threads, lane).join(), settings, threads);
    }

    /** Connects as the member whose directory this is, and lets the gateway serve it. */
    public static CompletableFuture<Device> open(Path directory, DeviceSettings settings, DeviceThreads threads) {
        Lane lane = new Lane(threads.work());
        DeviceFiles files = DeviceFiles.at(directory);
        CompletableFuture<Membership> member = CompletableFuture.supplyAsync(
                () -> Failures.wrapped(() -> {
                    files.lock();
                    return member(files);
                }),
                lane);
        return opened(files, lane, member, settings, threads);
    }

    private static CompletableFuture<Device> opened(
            DeviceFiles files,
            Lane lane,
            CompletableFuture<Membership> member,
            DeviceSettings settings,
            DeviceThreads threads) {
        Patience patience = new Patience(settings, threads, lane);
        return member.thenComposeAsync(
                        self -> {
                            Identity identity = Failures.wrapped(files::identity);
                            return new Connecting(files, identity.dtls(), settings, threads, lane)
                                    .connect(self, patience)
                                    .thenApplyAsync(
                                            connected -> new Device(
                                                    files, identity, connected, settings, threads, lane, patience),
                                            lane);
                        },
                        lane)
                .thenComposeAsync(Device::begin, lane)
                .handleAsync(
                        (device, failure) -> Failures.wrapped(() -> {
                            if (failure != null) {
                                files.unlock();
                                throw Failures.asDeviceException(failure);
                            }
                            return device;
                        }),
                        lane);
    }

    private static Membership member(DeviceFiles files) throws Exception {
        Membership self = files.membership()
                .orElseThrow(
                        () -> new DeviceException(DeviceException.Kind.STORE, "the directory holds no member's state"));
        if (self.left()) {
            throw new DeviceException(DeviceException.Kind.CLOSED, "this device has left its chain");
        }
        return self;
    }

    private CompletableFuture<Device> begin() {
        return tickets.give()
                .thenComposeAsync(given -> view.policy(), lane)
                .thenApplyAsync(
                        policy -> Failures.wrapped(() -> {
                            Duration kept = InboxEntryReader.BEYOND_RETENTION.plusHours(
                                    policy.policy().limits().retentionHours());
                            files.dropReceivingBefore(settings.clock().instant().minus(kept));
                            renewTicketLater();
                            return this;
                        }),
                        lane)
                .whenComplete((begun, failure) -> {
                    if (failure != null) {
                        close();
                    }
                });
    }

    private void renewTicketLater() {
        threads.after(TICKET_CHECK)
                .thenRunAsync(
                        () -> {
                            if (!closed) {
                                // A renewal that fails is tried again in an hour, for two days.
                                tickets.renew();
                                renewTicketLater();
                            }
                        },
                        lane);
    }

    public String name() {
        return self.name();
    }

    public ChainId chain() {
        return self.chain();
    }

    public String chainName() {
        return self.chainName();
    }

    /** The height of the block that this device's record stood in when it joined. */
    public long joinedHeight() {
        return self.height();
    }

    /** The name of the gateway that serves the device. */
    public String gatewayName() {
        return self.gatewayName();
    }

    /** The newest checkpoint that the gateway has, verified from the chain id on. */
    public CompletableFuture<VerifiedCheckpoint> checkpoint() {
        return onLane(() -> view.checkpoint(0, Duration.ZERO));
    }

    /** A member's record as the gateway knows it now, proved under the newest checkpoint. */
    public CompletableFuture<VerifiedKey> key(String member) {
        return onLane(() -> view.key(member, Duration.ZERO));
    }

    /**
     * Seals a pack to a member and hands it to the gateway; done when the gateway has it on its disk. Packs to one
     * member go in the order of the calls, unless the settings allow several on their way at once.
     *
     * @param recipient another member, which is no gateway
     */
    public CompletableFuture<Acknowledged> send(String recipient, Pack pack) {
        if (!Names.isValid(recipient)) {
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.UNKNOWN_MEMBER, "not a name of a member"));
        }
        if (recipient.equals(name())) {
            // No gateway queues it.
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.NO_RECIPIENT, "a device cannot send to itself"));
        }
        return onLane(() -> window.enter(() -> tickets.backed(
                () -> Failures.wrapped(() -> conversation(recipient)).send(pack))));
    }

    private Conversation conversation(String recipient) throws Exception {
        Conversation known = conversations.get(recipient);
        if (known == null) {
            known = new Conversation(recipient, author, view, link, files, settings, lane);
            conversations.put(recipient, known);
        }
        return known;
    }

    /**
     * Begins to receive. Each pack that was sealed to this device is delivered to the listener once.
     *
     * @throws IllegalStateException if the device receives already
     */
    public void receive(InboxListener listener) {
        receive(listener, Long.MAX_VALUE);
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
        if (!receiving.compareAndSet(false, true)) {
            throw new IllegalStateException("the device receives already");
        }
        return onLane(() -> {
            ReceivedSessions sessions = new ReceivedSessions(files);
            InboxEntryReader reader =
                    new InboxEntryReader(view, new Receiver(self.name(), identity.kex()), sessions, settings, lane);
            Inbox begun = new Inbox(most, link, reader, sessions, listener, settings, threads, patience, lane);
            inbox = Optional.of(begun);
            return begun.start().thenRun(() -> receiving.set(false));
        });
    }

    /** Leaves the chain: the name stays taken, the keys are current no more. The device closes when it is done. */
    public CompletableFuture<Void> leave() {
        return onLane(() -> view.key(self.name(), Duration.ZERO)
                .thenComposeAsync(
                        key -> {
                            Leave leave = new Leave(self.name(), key.record().sequence() + 1);
                            Bytes signed = TransactionSigning.leave(leave, self.chain(), identity.sig())
                                    .encode();
                            return link.transaction(signed)
                                    .thenCombineAsync(
                                            view.policy(),
                                            (receipt, policy) -> Failures.wrapped(() -> {
                                                left(receipt, signed, policy);
                                                return null;
                                            }),
                                            lane);
                        },
                        lane));
    }

    private void left(Bytes receipt, Bytes signed, VerifiedPolicy policy) throws Exception {
        try {
            Receipt.verify(receipt, signed, policy, settings.verifier());
        } catch (ProofException e) {
            throw Failures.unproved("the receipt does not prove the leave", e);
        }
        files.keep(self.asLeft());
        close();
    }

    private <T> CompletableFuture<T> onLane(Supplier<CompletableFuture<T>> task) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.CLOSED, "the device was closed"));
        }
        CompletableFuture<T> outcome = new CompletableFuture<>();
        lane.execute(() -> Failures.begun(task).whenComplete((value, failure) -> {
            if (failure == null) {
                outcome.complete(value);
            } else {
                outcome.completeExceptionally(Failures.asDeviceException(failure));
            }
        }));
        return outcome;
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
        closed = true;
        patience.close();
        if (lane.isHere()) {
            end();
        } else {
            CompletableFuture.runAsync(this::end, lane).join();
        }
    }

    private void end() {
        inbox.ifPresent(Inbox::close);
        link.close();
        Failures.wrapped(() -> {
            files.unlock();
            return null;
        });
    }

    @Override
    public String toString() {
        return "Device[" + self.name() + "@" + self.chainName() + "]";
    }
}
