package dev.latchkey.device;

import dev.latchkey.coap.Observation;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.proof.VerifiedReceipt;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One presence after the other: keys, gateway and chain change, sending and receiving go on. Safe for use by many threads;
 * what is asked for runs on the device's lane.
 */
final class Succession {
    private static final Duration TICK = Duration.ofHours(1);

    private final Means means;
    private final Window window;
    private final AtomicBoolean receiving = new AtomicBoolean();
    private volatile Membership self;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private volatile boolean closed;

    // Used from the lane.
    private Presence presence;
    private boolean deciding;
    private Optional<Observation> outcome = Optional.empty();
    private Optional<Inbox> inbox = Optional.empty();
    private Optional<Reception> reception = Optional.empty();
    private CompletableFuture<Void> nextTick = CompletableFuture.completedFuture(null);

    Succession(Means means, Presence first) {
        this.means = means;
        this.presence = first;
        this.self = first.self();
        this.window = new Window(means.settings().outstanding(), means.lane());
        tickLater();
        if (first.isProvisional()) {
            means.lane().execute(this::follow);
        } else {
            settled.complete(null);
        }
    }

    /** Observes what becomes of the provisional join, and asks in case that a notification was lost. */
    private void follow() {
        if (closed || !presence.isProvisional()) {
            return;
        }
        outcome.ifPresent(Observation::cancel);
        outcome = Optional.of(Failures.wrapped(() -> presence.view()
                .link()
                .observeOutcome(
                        new ProvisionalJoin(means).id(self),
                        () -> means.lane().execute(this::decide),
                        lost -> means.lane().execute(this::decide))));
        means.threads()
                .after(means.settings().inboxPoll())
                .thenRunAsync(
                        () -> {
                            decide();
                            follow();
                        },
                        means.lane());
    }

    private void decide() {
        if (closed || deciding || !presence.isProvisional()) {
            return;
        }
        deciding = true;
        new ProvisionalJoin(means)
                .ask(presence)
                .thenComposeAsync(
                        receipt -> receipt.isPresent()
                                ? becomeFinal(receipt.get())
                                : CompletableFuture.completedFuture(null),
                        means.lane())
                .whenCompleteAsync((done, failure) -> decided(failure), means.lane());
    }

    private CompletableFuture<Void> becomeFinal(VerifiedReceipt receipt) {
        Opening opening = new Opening(means);
        return window.alone(() -> {
                    inbox.ifPresent(Inbox::stop);
                    return opening.finished(presence, receipt);
                })
                .whenCompleteAsync(
                        (there, failure) -> {
                            if (failure != null) {
                                goOn();
                            }
                        },
                        means.lane())
                .thenComposeAsync(there -> takeUp(new Opening.Settled(there, Optional.empty())), means.lane())
                .thenApply(own -> null);
    }

    private void decided(Throwable failure) {
        deciding = false;
        if (failure != null && Failures.asDeviceException(failure).isByChain()) {
            settled.completeExceptionally(Failures.asDeviceException(failure));
            close();
        } else if (!presence.isProvisional()) {
            settled.complete(null);
        }
    }

    /** Done when the chain has the member. */
    CompletableFuture<Void> settled() {
        return settled.copy();
    }

    private void tickLater() {
        nextTick = means.threads().after(TICK);
        nextTick.thenRunAsync(
                () -> {
                    if (!closed) {
                        tickLater();
                        tick();
                    }
                },
                means.lane());
    }

    /** What a device does from time to time, however long it stays connected. */
    CompletableFuture<Void> tick() {
        // A renewal that fails is tried again in an hour, for two days.
        presence.tickets().renew();
        return presence.sweep();
    }

    Membership self() {
        return self;
    }

    /** Asks the member as it is now; fails with a {@link DeviceException}. */
    <T> CompletableFuture<T> now(Function<Presence, CompletableFuture<T>> question) {
        return onLane(() -> question.apply(presence));
    }

    /** Like {@link #now}, as one of the requests that may be under way at once, in the order of the calls. */
    <T> CompletableFuture<T> inTurn(Function<Presence, CompletableFuture<T>> request) {
        return onLane(() -> window.enter(() -> request.apply(presence)));
    }

    CompletableFuture<Void> receive(InboxListener listener, long most) {
        if (!receiving.compareAndSet(false, true)) {
            throw new IllegalStateException("the device receives already");
        }
        return onLane(() -> {
                    Reception wanted = new Reception(listener, most);
                    reception = Optional.of(wanted);
                    try {
                        resumeInbox();
                    } catch (RuntimeException e) {
                        reception = Optional.empty();
                        throw e;
                    }
                    return wanted.done();
                })
                .whenComplete((done, failure) -> receiving.set(false));
    }

    private void resumeInbox() {
        Optional<Reception> waiting = reception.filter(known -> !known.done().isDone());
        if (waiting.isPresent()) {
            inbox = Optional.of(Failures.wrapped(() -> presence.receive(waiting.get())));
        }
    }

    CompletableFuture<VerifiedKey> rotate(Set<KeyPurpose> which) {
        if (which.size() == KeyPurpose.values().length) {
            // All at once looks like a recovery: recipients would refuse what was sent before.
            return rotate(EnumSet.of(KeyPurpose.SIG, KeyPurpose.DTLS))
                    .thenCompose(changed -> rotate(EnumSet.of(KeyPurpose.KEX)));
        }
        Set<KeyPurpose> chosen = EnumSet.copyOf(which);
        return changeKeys(record -> KeyChange.rotation(
                record,
                self.chain(),
                presence.identity(),
                means.keys().next(),
                chosen,
                means.settings().random()));
    }

    CompletableFuture<VerifiedKey> recover() {
        return changeKeys(record -> KeyChange.recovery(
                record.name(),
                record.sequence() + 1,
                self.chain(),
                KeyChange.committed(record, means.keys().next()),
                means.settings().random()));
    }

    private CompletableFuture<VerifiedKey> changeKeys(Opening.Change change) {
        Opening opening = new Opening(means);
        return onLane(() -> window.alone(() -> opening.prepared(presence, change)
                .thenComposeAsync(
                        pending -> {
                            // What is sealed to the new key from now on would be dropped under the old ones.
                            inbox.ifPresent(Inbox::stop);
                            return opening.settle(presence, pending);
                        },
                        means.lane())
                .whenCompleteAsync(
                        (settled, failure) -> {
                            if (failure != null) {
                                goOn();
                            }
                        },
                        means.lane())
                .thenComposeAsync(this::takeUp, means.lane())
                .whenCompleteAsync(
                        (own, failure) -> {
                            if (failure != null && presence.isClosed()) {
                                goOn();
                            }
                        },
                        means.lane())));
    }

    /** After a failure: where it came between one presence and the next, from what is on the disk. */
    private void goOn() {
        if (closed) {
            return;
        }
        if (presence.isClosed()) {
            presence = Failures.wrapped(() -> new Opening(means).unasked());
            self = presence.self();
        }
        inbox.ifPresent(Inbox::stop);
        resumeInbox();
    }

    private CompletableFuture<VerifiedKey> takeUp(Opening.Settled settled) {
        if (closed) {
            settled.presence().close();
            return CompletableFuture.failedFuture(closed());
        }
        self = settled.presence().self();
        inbox.ifPresent(Inbox::stop);
        presence = settled.presence();
        resumeInbox();
        if (settled.refusal().isPresent()) {
            return CompletableFuture.failedFuture(settled.refusal().get());
        }
        return presence.begin().thenComposeAsync(Presence::own, means.lane());
    }

    CompletableFuture<VerifiedKey> relocate(String chainName, String nameThere, Duration within) {
        return onLane(() -> window.alone(() -> moved(chainName, nameThere, within)));
    }

    private CompletableFuture<VerifiedKey> moved(String chainName, String nameThere, Duration within) {
        Opening opening = new Opening(means);
        inbox.ifPresent(Inbox::stop);
        return opening.move(presence, chainName, nameThere, within)
                .whenCompleteAsync(
                        (there, failure) -> {
                            if (failure != null) {
                                goOn();
                            }
                        },
                        means.lane())
                .thenComposeAsync(there -> takeUp(new Opening.Settled(there, Optional.empty())), means.lane())
                .thenComposeAsync(
                        own -> Failures.wrapped(() -> opening.told(presence)).thenApply(told -> own), means.lane());
    }

    CompletableFuture<Void> changeGateway(GatewayAddress other) {
        Opening opening = new Opening(means, Optional.of(other));
        return onLane(() -> {
            Presence before = presence;
            // While it looks for the other gateway, the one before is used.
            return opening.elsewhere(before)
                    .thenComposeAsync(there -> window.alone(() -> taken(opening, before, there)), means.lane());
        });
    }

    private CompletableFuture<Void> taken(Opening opening, Presence before, Presence there) {
        if (closed || presence != before) {
            there.close();
            return CompletableFuture.failedFuture(new DeviceException(
                    DeviceException.Kind.CLOSED, "the device was closed, or its keys or gateway changed meanwhile"));
        }
        return opening.begun(there)
                .thenAcceptAsync(
                        begun -> Failures.wrapped(() -> {
                            if (closed) {
                                begun.close();
                                throw closed();
                            }
                            self = begun.self();
                            inbox.ifPresent(Inbox::stop);
                            presence = begun;
                            before.close();
                            resumeInbox();
                            return null;
                        }),
                        means.lane());
    }

    CompletableFuture<Void> leave() {
        return onLane(() -> presence.leave()
                .thenApplyAsync(
                        receipt -> Failures.wrapped(() -> {
                            means.files().keep(self.asLeft());
                            close();
                            return null;
                        }),
                        means.lane()));
    }

    private <T> CompletableFuture<T> onLane(Supplier<CompletableFuture<T>> task) {
        if (closed) {
            return CompletableFuture.failedFuture(closed());
        }
        CompletableFuture<T> outcome = new CompletableFuture<>();
        try {
            means.lane().execute(() -> run(task, outcome));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(closed());
        }
        return outcome;
    }

    private <T> void run(Supplier<CompletableFuture<T>> task, CompletableFuture<T> outcome) {
        Failures.begun(task).whenComplete((value, failure) -> {
            if (failure == null) {
                outcome.complete(value);
            } else {
                boolean answered = Failures.cause(failure) instanceof DeviceException;
                // What could not be written was cut short by the closing.
                outcome.completeExceptionally(closed && !answered ? closed() : Failures.asDeviceException(failure));
            }
        });
    }

    private static DeviceException closed() {
        return new DeviceException(DeviceException.Kind.CLOSED, "the device was closed");
    }

    void close() {
        closed = true;
        means.patience().close();
        if (means.lane().isHere()) {
            end();
        } else {
            try {
                CompletableFuture.runAsync(this::end, means.lane()).join();
            } catch (RejectedExecutionException e) {
                // The threads have ended before the device.
                end();
            }
        }
    }

    private void end() {
        nextTick.cancel(false);
        settled.completeExceptionally(closed());
        inbox.ifPresent(Inbox::stop);
        reception.ifPresent(Reception::end);
        presence.close();
        means.unlock();
    }
}
