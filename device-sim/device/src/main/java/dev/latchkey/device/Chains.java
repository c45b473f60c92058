package dev.latchkey.device;

import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The chains that a device can prove something about: its own, those that its own policy names as siblings, and those it
 * was a member of before. Each is walked from its own chain id. Used from the device's lane.
 */
final class Chains {
    /** A member that moves more often than that is not followed. */
    private static final int MAX_MOVES = 8;

    /** How often a chain is looked at for somebody who has moved there. */
    private static final int LOOKS = 3;

    /** A gateway hands out a new checkpoint of a chain at most once a second. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1_200);

    private static final Set<DeviceException.Kind> NOT_THERE =
            EnumSet.of(DeviceException.Kind.UNKNOWN_MEMBER, DeviceException.Kind.UNPROVED);

    private final Function<ChainPlace, ChainLink> links;
    private final Means means;
    private final ChainView own;
    private final Map<ChainId, ChainView> others = new HashMap<>();

    private Chains(Membership self, Function<ChainPlace, ChainLink> links, Means means, ChainLink own) {
        this.links = links;
        this.means = means;
        this.own = new ChainView(self.place(), own, means);
        self.former().forEach(former -> other(former.place()));
    }

    static Chains of(Membership self, GatewayLink link, Means means) {
        return new Chains(self, place -> GatewayChain.other(link, place.chainName()), means, GatewayChain.own(link));
    }

    /** For a member that moves: whose chain the gateway takes for its own changes on the way. */
    static Chains allNamed(Membership self, GatewayLink link, Means means) {
        ChainLink own = GatewayChain.other(link, self.chainName());
        return new Chains(self, place -> GatewayChain.other(link, place.chainName()), means, own);
    }

    /** As a cloud node shows them. */
    static Chains of(Membership self, CloudLink cloud, Means means) {
        return new Chains(self, cloud::chain, means, cloud.chain(self.place()));
    }

    ChainView own() {
        return own;
    }

    private ChainView other(ChainPlace place) {
        return others.computeIfAbsent(place.chain(), chain -> new ChainView(place, links.apply(place), means));
    }

    /** The chain of a name, if it is one of these. */
    CompletableFuture<Optional<ChainView>> named(String chainName) {
        if (own.chainName().equals(chainName)) {
            return CompletableFuture.completedFuture(Optional.of(own));
        }
        return among(others -> others.values().stream()
                .filter(view -> view.chainName().equals(chainName))
                .findFirst());
    }

    /** The chain of an id, if it is one of these. */
    CompletableFuture<Optional<ChainView>> of(ChainId chain) {
        return own.chain().equals(chain)
                ? CompletableFuture.completedFuture(Optional.of(own))
                : among(others -> Optional.ofNullable(others.get(chain)));
    }

    /** A sibling that is not there may have been added since the policy at hand: the newest checkpoint tells. */
    private CompletableFuture<Optional<ChainView>> among(Function<Map<ChainId, ChainView>, Optional<ChainView>> look) {
        return withSiblings()
                .thenApplyAsync(policy -> look.apply(others), means.lane())
                .thenComposeAsync(
                        known -> known.isPresent()
                                ? CompletableFuture.completedFuture(known)
                                : own.checkpoint(0, Duration.ZERO)
                                        .thenComposeAsync(newest -> withSiblings(), means.lane())
                                        .thenApplyAsync(policy -> look.apply(others), means.lane()),
                        means.lane());
    }

    private CompletableFuture<VerifiedPolicy> withSiblings() {
        return own.policy()
                .thenApplyAsync(
                        policy -> {
                            policy.policy().siblings().stream()
                                    .filter(sibling -> !sibling.chain().equals(own.chain()))
                                    .forEach(sibling -> other(new ChainPlace(sibling.chain(), sibling.name(), 0)));
                            return policy;
                        },
                        means.lane());
    }

    /** What the device goes by about its own chain. */
    ChainFacts facts() {
        return own.facts();
    }

    /** What it goes by about the chain of a name, if that is one of these. */
    CompletableFuture<Optional<ChainFacts>> factsNamed(String chainName) {
        return named(chainName).thenApply(view -> view.map(ChainView::facts));
    }

    /**
     * The record of a member where it is now, as the device's mode knows it: a member that has moved is followed into the
     * chain that it moved to.
     *
     * @param maxAge how long ago the gateway may have been asked for it
     */
    CompletableFuture<MemberKey> key(Address member, Duration maxAge) {
        return found(member, (view, name) -> view.facts().key(name, maxAge), MemberKey::record);
    }

    /** The record of a member where it is now, proved under the newest checkpoints. */
    CompletableFuture<VerifiedKey> proved(Address member) {
        return found(member, (view, name) -> view.key(name, Duration.ZERO), VerifiedKey::record);
    }

    private <K> CompletableFuture<K> found(
            Address member,
            BiFunction<ChainView, String, CompletableFuture<K>> look,
            Function<K, MemberRecord> record) {
        CompletableFuture<Optional<ChainView>> chain = member.chainName().isPresent()
                ? named(member.chainName().get())
                : CompletableFuture.completedFuture(Optional.of(own));
        return chain.thenComposeAsync(view -> in(view, member.name(), look), means.lane())
                .thenComposeAsync(key -> followed(key, look, record, MAX_MOVES), means.lane());
    }

    private static <K> CompletableFuture<K> in(
            Optional<ChainView> chain, String name, BiFunction<ChainView, String, CompletableFuture<K>> look) {
        return chain.isPresent() ? look.apply(chain.get(), name) : unknownChain();
    }

    private <K> CompletableFuture<K> followed(
            K key,
            BiFunction<ChainView, String, CompletableFuture<K>> look,
            Function<K, MemberRecord> record,
            int moves) {
        if (!(record.apply(key).state() instanceof MemberState.Moved moved)) {
            return CompletableFuture.completedFuture(key);
        }
        if (moves == 0) {
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.NOT_ACTIVE, "the member has moved too often"));
        }
        return of(moved.to())
                .thenComposeAsync(
                        view -> arrived(view, moved.name(), look, record.apply(key), record, LOOKS), means.lane())
                .thenComposeAsync(there -> followed(there, look, record, moves - 1), means.lane());
    }

    /** The record there; a gateway may hand out the checkpoint under which it has arrived a moment later. */
    private <K> CompletableFuture<K> arrived(
            Optional<ChainView> chain,
            String name,
            BiFunction<ChainView, String, CompletableFuture<K>> look,
            MemberRecord before,
            Function<K, MemberRecord> record,
            int looks) {
        return in(chain, name, look)
                .thenComposeAsync(
                        there -> isSame(before, record.apply(there))
                                ? CompletableFuture.completedFuture(there)
                                : Chains.<K>notArrived(),
                        means.lane())
                .exceptionallyComposeAsync(
                        failure -> looks > 1 && chain.isPresent() && isNotThere(failure)
                                ? means.threads()
                                        .after(BETWEEN_LOOKS)
                                        .thenComposeAsync(
                                                later -> arrived(chain, name, look, before, record, looks - 1),
                                                means.lane())
                                : CompletableFuture.failedFuture(failure),
                        means.lane());
    }

    private static boolean isNotThere(Throwable failure) {
        return Failures.cause(failure) instanceof DeviceException
                && NOT_THERE.contains(((DeviceException) Failures.cause(failure)).kind());
    }

    /** A member's records have one sequence over all chains. */
    private static boolean isSame(MemberRecord before, MemberRecord there) {
        return there.id().equals(before.id()) && there.sequence() >= before.sequence();
    }

    private static <K> CompletableFuture<K> unknownChain() {
        return CompletableFuture.failedFuture(new DeviceException(
                DeviceException.Kind.UNKNOWN_MEMBER, "a chain that this device's own does not name as a sibling"));
    }

    private static <K> CompletableFuture<K> notArrived() {
        return CompletableFuture.failedFuture(new DeviceException(
                DeviceException.Kind.UNPROVED, "the chain it moved to shows another member under its name"));
    }
}
