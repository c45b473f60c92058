package dev.latchkey.device;

import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.proof.VerifiedReceipt;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * From a directory to a member at its gateway. A change of keys that is under way is settled by the same steps, whether a
 * crash cut it short or it was prepared a moment ago: the transaction is sent again, and the chain says which keys are
 * current. Used from the device's lane.
 */
final class Opening {
    private static final Set<DeviceException.Kind> ANSWERS =
            Set.of(DeviceException.Kind.REFUSED, DeviceException.Kind.NOT_ACTIVE);

    private final Means means;
    private final Connecting connecting;
    private final Optional<GatewayAddress> elsewhere;

    /**
     * How a change of keys went.
     *
     * @param presence the member under the keys that are current now
     * @param refusal why the change did not take effect, if it did not
     */
    record Settled(Presence presence, Optional<DeviceException> refusal) {}

    Opening(Means means) {
        this(means, Optional.empty());
    }

    /** @param elsewhere another gateway than the one that the member is at */
    Opening(Means means, Optional<GatewayAddress> elsewhere) {
        this.means = means;
        this.connecting = new Connecting(means);
        this.elsewhere = elsewhere;
    }

    /** Takes the directory; the member whose it is. */
    CompletableFuture<Membership> member() {
        return CompletableFuture.supplyAsync(
                () -> Failures.wrapped(() -> {
                    means.files().lock();
                    Membership self = means.files()
                            .membership()
                            .orElseThrow(() -> new DeviceException(
                                    DeviceException.Kind.STORE, "the directory holds no member's state"));
                    if (self.left()) {
                        throw new DeviceException(DeviceException.Kind.CLOSED, "this device has left its chain");
                    }
                    return self;
                }),
                means.lane());
    }

    /** Takes the directory for a member whose keys of today are in it, as the chain proves. */
    CompletableFuture<Membership> adopted(Membership hoped) {
        return CompletableFuture.supplyAsync(
                        () -> Failures.wrapped(() -> {
                            Identity identity = means.adopted();
                            if (means.files().membership().isPresent()) {
                                throw new DeviceException(
                                        DeviceException.Kind.STORE, "the directory holds a member's state already");
                            }
                            return identity;
                        }),
                        means.lane())
                .thenComposeAsync(identity -> connect(hoped, identity), means.lane())
                .thenComposeAsync(
                        presence -> presence.own()
                                .thenApplyAsync(
                                        own -> Failures.wrapped(() -> adopted(presence, own.record())), means.lane())
                                .whenComplete((done, failure) -> presence.close()),
                        means.lane());
    }

    private Membership adopted(Presence presence, MemberRecord own) throws IOException, DeviceException {
        if (!own.isActive() || !own.keys().equals(presence.identity().keys())) {
            throw new DeviceException(
                    DeviceException.Kind.NOT_ACTIVE, "the keys in the directory are not the member's");
        }
        Membership self = presence.self().atHeight(own.height());
        means.files().keep(self);
        return self;
    }

    /** Connects and lets the gateway serve the member. */
    CompletableFuture<Presence> open(Membership self) {
        return connected(self)
                .thenComposeAsync(this::decided, means.lane())
                .thenComposeAsync(presence -> Failures.wrapped(() -> arrived(presence)), means.lane())
                .thenComposeAsync(this::begun, means.lane());
    }

    /** Asks what became of the join, where that is provisional. */
    private CompletableFuture<Presence> decided(Presence presence) {
        if (!presence.isProvisional()) {
            return CompletableFuture.completedFuture(presence);
        }
        return new ProvisionalJoin(means)
                .ask(presence)
                .thenComposeAsync(
                        receipt -> receipt.isPresent()
                                ? finished(presence, receipt.get())
                                : CompletableFuture.completedFuture(presence),
                        means.lane())
                .whenComplete((decided, failure) -> {
                    if (failure != null) {
                        presence.close();
                    }
                });
    }

    /** A provisional member that the chain has now, connected anew; not begun. */
    CompletableFuture<Presence> finished(Presence before, VerifiedReceipt receipt) {
        return Failures.wrapped(() -> {
            Membership now = new ProvisionalJoin(means).commit(before.self(), receipt);
            before.close();
            return connect(now, before.identity());
        });
    }

    /** The same member at the other gateway, which the chain has proved; not begun. */
    CompletableFuture<Presence> elsewhere(Presence before) {
        return connect(before.self(), before.identity());
    }

    /** Lets the gateway serve the member, which from then on is there. */
    CompletableFuture<Presence> begun(Presence presence) {
        return presence.begin()
                .thenComposeAsync(begun -> Failures.wrapped(() -> told(begun)), means.lane())
                .thenApplyAsync(begun -> Failures.wrapped(() -> kept(begun)), means.lane())
                .whenComplete((begun, failure) -> {
                    if (failure != null) {
                        presence.close();
                    }
                });
    }

    /** Brings a move that is under way to its end first: between two chains a member is served by nobody. */
    private CompletableFuture<Presence> arrived(Presence presence) throws IOException, DeviceException {
        Optional<Move> move = means.files().move();
        if (move.isEmpty() || move.get().to().equals(presence.self().chain())) {
            return CompletableFuture.completedFuture(presence);
        }
        return relocate(presence, move.get()).whenComplete((done, failure) -> {
            if (failure != null) {
                presence.close();
            }
        });
    }

    /** Brings the move that is under way, or else a new one, to its end. */
    CompletableFuture<Presence> move(Presence at, String chainName, String nameThere, Duration within) {
        return Failures.wrapped(() -> means.files().move())
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> new Relocating(means, at).prepare(chainName, nameThere, within))
                .thenComposeAsync(move -> relocate(at, move), means.lane());
    }

    /**
     * Brings a move to its end.
     *
     * @return the member where it is now, which may be where it was; not begun
     */
    private CompletableFuture<Presence> relocate(Presence at, Move move) {
        return new Relocating(means, at)
                .carryOn(move)
                .thenComposeAsync(
                        self -> {
                            at.close();
                            return connect(self, at.identity());
                        },
                        means.lane());
    }

    /** Last: until the other gateway serves the member, it is at the one before. */
    private Presence kept(Presence begun) throws IOException {
        if (elsewhere.isPresent()) {
            means.files().keep(begun.self());
        }
        return begun;
    }

    /** Tells the chain that the member has come from that it has arrived, if that is still to be told. */
    CompletableFuture<Presence> told(Presence presence) throws IOException, DeviceException {
        Optional<Move> move = means.files().move();
        return move.isEmpty()
                ? CompletableFuture.completedFuture(presence)
                : new Relocating(means, presence).tell(move.get()).thenApply(told -> presence);
    }

    private CompletableFuture<Presence> connected(Membership self) {
        Identity identity;
        Optional<KeyChange> pending;
        try {
            means.keys().finish(means.settings().clock().instant());
            identity = means.keys().current();
            pending = means.keys().pending();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Presence> first = connect(self, identity);
        return pending.isEmpty() ? first : settled(self, identity, pending.get(), first);
    }

    private CompletableFuture<Presence> settled(
            Membership self, Identity identity, KeyChange change, CompletableFuture<Presence> first) {
        return first.handleAsync(
                        (presence, failure) -> {
                            if (failure == null) {
                                return settle(presence, change).thenApply(Settled::presence);
                            }
                            return isAnswer(failure) && change.dtls().isPresent()
                                    ? withNewKeys(self, identity, change)
                                    : CompletableFuture.<Presence>failedFuture(Failures.cause(failure));
                        },
                        means.lane())
                .thenCompose(outcome -> outcome);
    }

    private CompletableFuture<Presence> connect(Membership self, Identity identity) {
        CompletableFuture<Connecting.Connected> link = elsewhere.isPresent()
                ? connecting.connect(self, elsewhere.get(), identity.dtls())
                : connecting.connect(self, identity.dtls());
        return link.thenApplyAsync(
                connected -> Failures.wrapped(() -> new Presence(
                        means, connected, identity, means.files().provisional().isPresent())),
                means.lane());
    }

    /** The member as its directory says, at its gateway, which is not asked yet; not begun. */
    Presence unasked() throws IOException, DeviceException {
        means.keys().finish(means.settings().clock().instant());
        Membership self = means.files()
                .membership()
                .orElseThrow(
                        () -> new DeviceException(DeviceException.Kind.STORE, "the directory holds no member's state"));
        Identity identity = means.keys().current();
        return new Presence(means, connecting.later(self, identity.dtls()), identity);
    }

    /** Makes a change of keys for a member's present record. */
    interface Change {
        KeyChange of(MemberRecord record) throws IOException, DeviceException;
    }

    /** The change that is pending, or else a new one, which then is. */
    CompletableFuture<KeyChange> prepared(Presence at, Change change) {
        Optional<KeyChange> pending = Failures.wrapped(() -> means.keys().pending());
        if (pending.isPresent()) {
            return CompletableFuture.completedFuture(pending.get());
        }
        return at.own()
                .thenApplyAsync(
                        own -> Failures.wrapped(() -> {
                            means.files().requireHeld();
                            KeyChange made = change.of(own.record());
                            means.keys().prepare(made);
                            return made;
                        }),
                        means.lane());
    }

    /**
     * Brings the pending change to its end. What is left open when it fails is the pending change, to be settled another
     * time, and the presence under the old keys.
     */
    CompletableFuture<Settled> settle(Presence at, KeyChange change) {
        return at.submit(change.transaction())
                .handleAsync(
                        (receipt, failure) -> {
                            if (failure == null) {
                                return changed(at, change, receipt.location().height());
                            }
                            return isAnswer(failure)
                                    ? asTheChainSays(at, change, Failures.asDeviceException(failure))
                                    : CompletableFuture.<Settled>failedFuture(Failures.cause(failure));
                        },
                        means.lane())
                .thenCompose(outcome -> outcome);
    }

    /** A refusal alone says nothing: a gateway may have passed the transaction on all the same. */
    private CompletableFuture<Settled> asTheChainSays(Presence at, KeyChange change, DeviceException refusal) {
        return at.own()
                .handleAsync(
                        (own, failure) -> {
                            if (failure == null && change.isIn(own.record(), at.identity())) {
                                return changed(at, change, own.record().height());
                            }
                            if (failure == null) {
                                if (change.isPast(own.record())) {
                                    Failures.wrapped(() -> {
                                        means.keys().drop();
                                        return null;
                                    });
                                }
                                return CompletableFuture.completedFuture(new Settled(at, Optional.of(refusal)));
                            }
                            if (isAnswer(failure) && change.dtls().isPresent()) {
                                at.close();
                                return withNewKeys(at.self(), at.identity(), change)
                                        .thenApply(presence -> new Settled(presence, Optional.empty()));
                            }
                            return CompletableFuture.<Settled>failedFuture(Failures.cause(failure));
                        },
                        means.lane())
                .thenCompose(outcome -> outcome);
    }

    private CompletableFuture<Settled> changed(Presence at, KeyChange change, long height) {
        at.close();
        return Failures.wrapped(() -> {
            Membership now = commit(at.self(), height);
            return connect(now, change.over(at.identity()))
                    .thenApply(presence -> new Settled(presence, Optional.empty()));
        });
    }

    /** The old dtls key is not current any more: the new one is, if the gateway knows it and the chain proves it. */
    private CompletableFuture<Presence> withNewKeys(Membership self, Identity before, KeyChange change) {
        return connect(self, change.over(before))
                .thenComposeAsync(
                        presence -> proved(presence, change, before)
                                .thenApplyAsync(
                                        own -> Failures.wrapped(() -> {
                                            commit(self, own.record().height());
                                            return presence;
                                        }),
                                        means.lane())
                                .whenComplete((done, failure) -> {
                                    if (failure != null) {
                                        presence.close();
                                    }
                                }),
                        means.lane());
    }

    /** A gateway knows the keys of a new block a moment before it hands out a checkpoint that proves them. */
    private CompletableFuture<VerifiedKey> proved(Presence presence, KeyChange change, Identity before) {
        return means.patience()
                .attempt(() -> presence.own()
                        .thenApplyAsync(
                                own -> Failures.wrapped(() -> {
                                    if (change.isIn(own.record(), before)) {
                                        return own;
                                    }
                                    if (change.isPast(own.record())) {
                                        throw new DeviceException(
                                                DeviceException.Kind.NOT_ACTIVE,
                                                "the chain names neither the old keys nor the new ones");
                                    }
                                    throw new Patience.Passing(
                                            "the gateway's checkpoint is behind", Duration.ZERO, null);
                                }),
                                means.lane()));
    }

    private Membership commit(Membership self, long height) throws IOException {
        Membership now = self.atHeight(height);
        // First: no session may be opened under a block that does not know the new keys yet.
        means.files().keep(now);
        // They were opened with keys that are not current any more. Before it is settled: a crash repeats it.
        means.files().dropAllSending();
        means.keys().commit(means.settings().clock().instant());
        return now;
    }

    private static boolean isAnswer(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof DeviceException && ANSWERS.contains(((DeviceException) cause).kind());
    }
}
