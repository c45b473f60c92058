package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.proof.VerifiedReceipt;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Transaction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A device becomes a member, by voucher or ticket, over a connection whose pre-shared key came with it. The connection is
 * trusted with nothing: the policy is walked from the chain id, and the receipt proves the join. A gateway whose cloud is
 * away may give its word instead ({@link ProvisionalJoin}).
 *
 * <p>Each step can be repeated after a crash: the keys and the signed join are on disk before the join is sent, the same
 * join again is answered with the same receipt, and the membership is written last.
 */
final class Joining {
    private static final int DEVICE_RANDOM_BYTES = 4;

    private final Means means;
    private final DeviceFiles files;
    private final Invitation invitation;
    private final DeviceSettings settings;
    private final Lane lane;
    private final Supplier<Optional<ChainLink>> cloud;

    Joining(Means means, Invitation invitation) {
        this(means, invitation, Optional::empty);
    }

    /** @param cloud the chain at a cloud node, if the join is to go there and not to a gateway; asked for once keys exist */
    Joining(Means means, Invitation invitation, Supplier<Optional<ChainLink>> cloud) {
        this.cloud = cloud;
        this.means = means;
        this.files = means.files();
        this.invitation = invitation;
        this.settings = means.settings();
        this.lane = means.lane();
    }

    CompletableFuture<Membership> join() {
        return CompletableFuture.supplyAsync(() -> Failures.wrapped(this::begun), lane)
                .thenComposeAsync(known -> known.isPresent() ? already(known.get()) : joinOrRefuse(), lane);
    }

    /** A join that may have been applied is answered with its receipt, be the voucher past its time by now. */
    private CompletableFuture<Membership> joinOrRefuse() {
        Optional<String> refusal = invitation.right().refusedAt(settings.clock().instant());
        boolean sentBefore = Failures.wrapped(() -> pending().isPresent());
        return refusal.isPresent() && !sentBefore
                ? CompletableFuture.failedFuture(DeviceException.refusedHere(refusal.get()))
                : joinNow();
    }

    /** The join of this invitation that is on the way already. */
    private Optional<Bytes> pending() throws IOException {
        Identity identity = means.keys().current();
        return files.pendingJoin().filter(join -> isOurs(join, identity));
    }

    private Optional<Membership> begun() throws IOException, DeviceException {
        if (means.begun()) {
            files.keysAreNew();
        }
        return files.membership();
    }

    private CompletableFuture<Membership> already(Membership known) {
        if (known.left()) {
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.CLOSED, "this device has left its chain"));
        }
        if (!known.chain().equals(invitation.chain())) {
            return CompletableFuture.failedFuture(new DeviceException(
                    DeviceException.Kind.STORE,
                    "the directory holds a member of another chain than the hand-over's: join with a directory"
                            + " of its own"));
        }
        boolean same = known.name().equals(invitation.name());
        if (same
                && Failures.wrapped(
                        () -> files.provisional().isPresent() && pending().isPresent())) {
            // By the pre-shared key: a gateway that has lost what it promised knows no other.
            return joinNow();
        }
        return same
                ? CompletableFuture.completedFuture(known)
                : CompletableFuture.failedFuture(new DeviceException(
                        DeviceException.Kind.STORE,
                        "the directory holds another member: join with a directory of its own"));
    }

    /**
     * Each try is a connection of its own, under an identity of its own: the gateway may still hold the one before, and
     * refuses an identity that is in use.
     */
    private CompletableFuture<Membership> joinNow() {
        return means.patience()
                .attempt(() -> {
                    Optional<ChainLink> straight = cloud.get();
                    if (straight.isPresent()) {
                        return joinOver(straight.get());
                    }
                    GatewayLink link = Failures.wrapped(this::connect);
                    return joinOver(GatewayChain.other(link, invitation.chainName()))
                            .whenComplete((done, failure) -> link.close());
                })
                .exceptionallyAsync(
                        failure -> Failures.wrapped(() -> {
                            DeviceException cause = Failures.asDeviceException(failure);
                            if (cause.kind() == DeviceException.Kind.REFUSED
                                    && files.provisional().isPresent()) {
                                files.wasRefused();
                            }
                            throw cause;
                        }),
                        lane);
    }

    private GatewayLink connect() throws IOException {
        byte[] random = new byte[DEVICE_RANDOM_BYTES];
        settings.random().nextBytes(random);
        ClientIdentity voucher = new ClientIdentity.Psk(
                Enrolment.identity(invitation.enrolmentId(), Bytes.wrap(random)), invitation.presharedKey());
        InetSocketAddress gateway = new InetSocketAddress(invitation.gatewayHost(), invitation.gatewayPort());
        CoapsClient client = CoapsClient.connect(
                gateway,
                voucher,
                key -> false,
                settings.options(),
                means.threads().network());
        return GatewayLink.oneTry(client, means);
    }

    private CompletableFuture<Membership> joinOver(ChainLink link) {
        Membership hoped = Membership.of(invitation, 0);
        ChainView view = new ChainView(hoped.place(), link, means);
        return view.policy()
                .thenApplyAsync(policy -> Failures.wrapped(this::transaction), lane)
                .thenCompose(transaction -> view.link()
                        .join(transaction)
                        .thenCompose(outcome -> view.policy()
                                .thenApplyAsync(
                                        policy -> Failures.wrapped(() -> outcome.isFinal()
                                                ? finish(transaction, outcome.receipt(), policy)
                                                : new ProvisionalJoin(means)
                                                        .take(outcome.receipt(), transaction, hoped)),
                                        lane)));
    }

    /** The join that is on the way already, or a new one, on disk before it is sent. */
    private Bytes transaction() throws IOException, DeviceException {
        Optional<Bytes> pending = pending();
        if (pending.isPresent()) {
            return pending.get();
        }
        Identity identity = means.keys().current();
        Bytes signed = invitation
                .right()
                .join(identity, means.keys().next(settings.random()))
                .encode();
        files.keepPendingJoin(signed);
        return signed;
    }

    /** A join left over from another invitation is not sent. */
    private boolean isOurs(Bytes pending, Identity identity) {
        try {
            Transaction transaction = SignedTransaction.decode(pending).transaction();
            return transaction instanceof Join join
                    && join.keys().equals(identity.keys())
                    && invitation.right().covers(join);
        } catch (MalformedTransactionException e) {
            return false;
        }
    }

    private Membership finish(Bytes transaction, Bytes receipt, VerifiedPolicy policy)
            throws IOException, DeviceException {
        VerifiedReceipt verified;
        try {
            verified = Receipt.verify(receipt, transaction, policy, settings.verifier());
        } catch (ProofException e) {
            throw Failures.unproved("the receipt does not prove the join", e);
        }
        Membership membership = Membership.of(invitation, verified.location().height());
        files.keep(membership);
        files.becameFinal();
        return membership;
    }
}
