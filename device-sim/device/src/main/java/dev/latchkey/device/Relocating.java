package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.proof.KeyFinding;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * Moves a member from its chain to a sibling chain, at the same gateway. Used from the device's lane.
 *
 * <p>Every step begins by asking both chains how far the move has come, so each may be repeated after a crash, and the
 * keys are the same throughout: the member is active or moving in the first chain until it is active in the other. The
 * membership on the disk changes once, when the other chain has proved the arrival. What was not taken in before the
 * deadline goes back.
 */
final class Relocating {
    /** A relocate-out that was not applied so long after its deadline never will be. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(10);

    private final Means means;
    private final Presence at;
    private final Chains chains;

    Relocating(Means means, Presence at) {
        this.means = means;
        this.at = at;
        this.chains = at.chainsOnTheMove();
    }

    /** Finds out whether the other chain would take the member in, and puts the move on the disk. */
    CompletableFuture<Move> prepare(String toChain, String nameTo, Duration within) {
        return chains.named(toChain)
                .thenComposeAsync(
                        there -> there.isEmpty() || there.get() == chains.own()
                                ? failed("the device's chain names no such sibling")
                                : prepare(there.get(), nameTo, within),
                        means.lane());
    }

    private CompletableFuture<Move> prepare(ChainView there, String nameTo, Duration within) {
        // The newest checkpoint first: it tells whether the policy at hand is still the one in force.
        return there.checkpoint(0, Duration.ZERO)
                .thenComposeAsync(newest -> there.policy(), means.lane())
                .thenComposeAsync(
                        policy -> takesIn(policy)
                                ? there.find(at.self().gatewayName(), Duration.ZERO)
                                : failed("the other chain takes in nobody from here without its administrator"),
                        means.lane())
                .thenComposeAsync(
                        gateway -> isOurGateway(gateway)
                                ? there.find(nameTo, Duration.ZERO)
                                : failed("the device's gateway is none in the other chain"),
                        means.lane())
                .thenCombineAsync(
                        chains.own().key(at.self().name(), Duration.ZERO),
                        (taken, own) -> Failures.wrapped(() -> {
                            if (taken instanceof VerifiedKey key
                                    && !key.record().id().equals(own.record().id())) {
                                throw DeviceException.refused(new Problem("name-taken", ""));
                            }
                            Move move = move(own.record(), there, nameTo, within);
                            means.files().keepMove(move);
                            return move;
                        }),
                        means.lane());
    }

    private boolean takesIn(VerifiedPolicy there) {
        return there.policy().siblings().stream()
                .anyMatch(sibling -> sibling.chain().equals(at.self().chain()) && sibling.movesIn());
    }

    private boolean isOurGateway(KeyFinding found) {
        return found instanceof VerifiedKey key
                && key.record().isActive()
                && key.record().role() == Role.GATEWAY
                && key.record().keys().dtls().equals(at.self().gatewayDtls());
    }

    private Move move(MemberRecord own, ChainView there, String nameTo, Duration within) {
        ChainId from = at.self().chain();
        long deadline = now().plus(within).toEpochMilli();
        RelocateOut out = new RelocateOut(own.name(), own.sequence() + 1, there.chain(), nameTo, deadline);
        Bytes signed = TransactionSigning.of(out, from)
                .by(at.identity().sig())
                .finish()
                .encode();
        return new Move(from, own.name(), there.chain(), there.chainName(), nameTo, deadline, signed);
    }

    /**
     * Brings the move as far as it goes.
     *
     * @return the membership after it, in the chain that the member is active in; fails with {@link
     *     DeviceException.Kind#MOVING} or a passing failure while it is in none
     */
    CompletableFuture<Membership> carryOn(Move move) {
        return own(move)
                .thenComposeAsync(
                        own -> isGone(own, move) ? CompletableFuture.completedFuture(own) : setOut(move, own),
                        means.lane())
                .thenComposeAsync(own -> isGone(own, move) ? arrive(move, own) : stays(move, own), means.lane());
    }

    private CompletableFuture<VerifiedKey> own(Move move) {
        return chains.own().key(move.nameFrom(), Duration.ZERO);
    }

    /** On its way, or there, as anyone may have filed. */
    private static boolean isGone(VerifiedKey own, Move move) {
        boolean moving =
                own.record().state() instanceof MemberState.Moving on && on.to().equals(move.to());
        return moving || isMoved(own, move);
    }

    private static boolean isMoved(VerifiedKey own, Move move) {
        return own.record().state() instanceof MemberState.Moved moved
                && moved.to().equals(move.to())
                && moved.name().equals(move.nameTo());
    }

    private CompletableFuture<VerifiedKey> setOut(Move move, VerifiedKey own) {
        if (!own.record().isActive() || now().isAfter(deadline(move).plus(CLOCKS_APART))) {
            return CompletableFuture.completedFuture(own);
        }
        return at.submit(chains.own(), move.out())
                .thenComposeAsync(
                        receipt -> chains.own()
                                .checkpoint(receipt.location().height(), Duration.ZERO)
                                .thenComposeAsync(newer -> own(move), means.lane()),
                        means.lane());
    }

    /** The move was never begun, or it is over. */
    private CompletableFuture<Membership> stays(Move move, VerifiedKey own) {
        return Failures.begun(() -> Failures.wrapped(() -> {
            means.files().dropMove();
            if (!own.record().isActive()) {
                throw new DeviceException(DeviceException.Kind.NOT_ACTIVE, "the device's keys are not current");
            }
            return CompletableFuture.completedFuture(
                    at.self().atHeight(own.record().height()));
        }));
    }

    private CompletableFuture<Membership> arrive(Move move, VerifiedKey own) {
        return there(move).thenComposeAsync(there -> arrive(move, own, there), means.lane());
    }

    private CompletableFuture<Membership> arrive(Move move, VerifiedKey own, ChainView there) {
        return there.find(move.nameTo(), Duration.ZERO)
                .thenComposeAsync(
                        found -> {
                            if (hasArrived(found, own, move)) {
                                return arrived(
                                        move, ((VerifiedKey) found).record().height());
                            }
                            if (isMoved(own, move)) {
                                return failed("the gateway does not know yet that the device has arrived");
                            }
                            return now().isBefore(deadline(move)) ? comeIn(move, own, there) : cancel(move, own, there);
                        },
                        means.lane());
    }

    private CompletableFuture<Membership> comeIn(Move move, VerifiedKey own, ChainView there) {
        return carried(chains.own(), move.nameFrom())
                .thenComposeAsync(
                        carried -> {
                            RelocateIn in =
                                    new RelocateIn(move.nameTo(), own.record().sequence() + 1, move.from(), carried);
                            return at.submit(
                                    there,
                                    TransactionSigning.of(in, move.to())
                                            .by(at.identity().sig())
                                            .possessedBy(at.identity().dtls())
                                            .finish()
                                            .encode());
                        },
                        means.lane())
                .handleAsync(
                        (receipt, failure) -> failure == null
                                ? arrived(move, receipt.location().height())
                                : unlessArrived(move, own, there, failure),
                        means.lane())
                .thenCompose(outcome -> outcome);
    }

    /** Who refuses may have passed the transaction on all the same. */
    private CompletableFuture<Membership> unlessArrived(
            Move move, VerifiedKey own, ChainView there, Throwable failure) {
        return there.find(move.nameTo(), Duration.ZERO)
                .thenComposeAsync(
                        found -> hasArrived(found, own, move)
                                ? arrived(move, ((VerifiedKey) found).record().height())
                                : CompletableFuture.failedFuture(Failures.cause(failure)),
                        means.lane());
    }

    /** A member's records have one sequence over all chains; to arrive takes the number after that of setting out. */
    private static boolean hasArrived(KeyFinding found, VerifiedKey own, Move move) {
        return found instanceof VerifiedKey key
                && key.record().id().equals(own.record().id())
                && key.record().sequence() > own.record().sequence() - (isMoved(own, move) ? 1 : 0);
    }

    private CompletableFuture<Membership> arrived(Move move, long height) {
        return Failures.begun(() -> Failures.wrapped(() -> {
            Membership after = at.self().movedTo(new ChainPlace(move.to(), move.toName(), height), move.nameTo());
            // They are bound to the chain that the member was in. First: a crash repeats it.
            means.files().dropAllSending();
            means.files().keep(after);
            return CompletableFuture.completedFuture(after);
        }));
    }

    private CompletableFuture<Membership> cancel(Move move, VerifiedKey own, ChainView there) {
        return there.checkpoint(0, Duration.ZERO)
                .thenComposeAsync(
                        newest -> newest.checkpoint().timeMillis() < move.deadlineMillis()
                                ? failed("the other chain has had no block since the deadline")
                                : carried(there, move.nameTo()),
                        means.lane())
                .thenComposeAsync(
                        carried -> {
                            RelocateCancel cancel = new RelocateCancel(
                                    move.nameFrom(), own.record().sequence() + 1, carried);
                            return at.submit(
                                    chains.own(),
                                    TransactionSigning.of(cancel, move.from())
                                            .by(at.identity().sig())
                                            .finish()
                                            .encode());
                        },
                        means.lane())
                .thenApplyAsync(
                        receipt -> Failures.wrapped(() -> {
                            Membership after =
                                    at.self().atHeight(receipt.location().height());
                            means.files().keep(after);
                            means.files().dropMove();
                            return after;
                        }),
                        means.lane());
    }

    /**
     * Tells the chain that the member came from that it has arrived, so that others follow it. It is for the others'
     * comfort, and anyone may do it: when it fails it is tried again another time.
     */
    CompletableFuture<Void> tell(Move move) {
        return chains.of(move.from())
                .thenComposeAsync(
                        before ->
                                before.isPresent() ? tell(move, before.get()) : CompletableFuture.completedFuture(null),
                        means.lane())
                .thenRunAsync(
                        () -> Failures.wrapped(() -> {
                            means.files().dropMove();
                            return null;
                        }),
                        means.lane())
                .exceptionally(untold -> null);
    }

    private CompletableFuture<Void> tell(Move move, ChainView before) {
        return before.key(move.nameFrom(), Duration.ZERO)
                .thenComposeAsync(
                        known -> known.record().state() instanceof MemberState.Moving
                                ? carried(chains.own(), move.nameTo())
                                        .thenComposeAsync(
                                                carried -> at.submit(before, done(move, known.record(), carried)),
                                                means.lane())
                                        .thenApply(receipt -> null)
                                : CompletableFuture.completedFuture(null),
                        means.lane());
    }

    private Bytes done(Move move, MemberRecord known, Carried carried) {
        RelocateDone done = new RelocateDone(
                move.nameFrom(),
                known.sequence() + 1,
                carried,
                at.identity().sig().publicKey());
        return TransactionSigning.of(done, move.from())
                .by(at.identity().sig())
                .finish()
                .encode();
    }

    /** What a chain says of a name now, for the other one to read. */
    private CompletableFuture<Carried> carried(ChainView view, String name) {
        return view.checkpoint(0, Duration.ZERO)
                .thenComposeAsync(newest -> view.shown(name, newest), means.lane())
                .thenApply(shown ->
                        new Carried(shown.answer(), shown.finding().under().encode()));
    }

    private CompletableFuture<ChainView> there(Move move) {
        return chains.of(move.to())
                .thenApply(found -> Failures.wrapped(() ->
                        found.orElseThrow(() -> moving("the device's chain does not name the other one any more"))));
    }

    private static <T> CompletableFuture<T> failed(String why) {
        return CompletableFuture.failedFuture(moving(why));
    }

    private static DeviceException moving(String why) {
        return new DeviceException(DeviceException.Kind.MOVING, why);
    }

    private Instant now() {
        return means.settings().clock().instant();
    }

    private static Instant deadline(Move move) {
        return Instant.ofEpochMilli(move.deadlineMillis());
    }
}
