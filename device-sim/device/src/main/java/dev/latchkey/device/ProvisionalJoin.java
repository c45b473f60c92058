package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedReceipt;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.ProvisionalReceipt;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A join that a gateway took while its cloud was away, from its provisional receipt to what the chain says. The join stays
 * on the disk until then. Used from the device's lane.
 */
final class ProvisionalJoin {
    /** What a provisional receipt says to who takes nobody's word, in the code that a gateway without provisional joins gives. */
    private static final Problem UNDECIDED = new Problem("cloud-away", "the chain has not decided on the join");

    private final Means means;
    private final DeviceFiles files;

    ProvisionalJoin(Means means) {
        this.means = means;
        this.files = means.files();
    }

    /**
     * Takes the gateway's word for a join, in {@link Verification#DELEGATED}; else it is waited for.
     *
     * @param transaction the join as it is on the disk
     * @return the membership that is hoped for, which counts as the device's
     */
    Membership take(Bytes receipt, Bytes transaction, Membership hoped)
            throws IOException, DeviceException, Patience.Passing {
        read(receipt, id(transaction, hoped.chain()), hoped);
        if (means.settings().mode() != Verification.DELEGATED) {
            throw waits();
        }
        files.keepProvisional(receipt);
        files.keep(hoped);
        return hoped;
    }

    /** The id of the join that is on its way. */
    Digest id(Membership self) throws IOException, DeviceException {
        return id(pending(), self.chain());
    }

    /**
     * What became of it.
     *
     * @return the receipt that proves it, or nothing while the chain does not have it and the settings take the gateway's
     *     word; fails with {@link DeviceException.Kind#REFUSED} when the chain has refused it, and then this is no member
     */
    CompletableFuture<Optional<VerifiedReceipt>> ask(Presence at) {
        return means.patience()
                .attempt(() -> at.view()
                        .link()
                        .outcome(Failures.wrapped(() -> id(at.self())))
                        .thenComposeAsync(
                                outcome -> outcome.isFinal()
                                        ? proved(at, outcome.receipt()).thenApply(Optional::of)
                                        : stillGood(at, outcome.receipt())
                                                .thenApply(good -> Optional.<VerifiedReceipt>empty()),
                                means.lane()))
                .exceptionallyAsync(
                        failure -> Failures.wrapped(() -> {
                            DeviceException cause = Failures.asDeviceException(failure);
                            if (cause.isByChain()) {
                                files.wasRefused();
                            }
                            throw cause;
                        }),
                        means.lane());
    }

    /** From now on this is a member like any other; its sessions of before are over. */
    Membership commit(Membership self, VerifiedReceipt receipt) throws IOException {
        Membership now = self.atHeight(receipt.location().height());
        files.keep(now);
        files.dropAllSending();
        files.becameFinal();
        return now;
    }

    private CompletableFuture<VerifiedReceipt> proved(Presence at, Bytes receipt) {
        return at.view()
                .policy()
                .thenApplyAsync(
                        policy -> Failures.wrapped(() -> {
                            try {
                                return Receipt.verify(
                                        receipt,
                                        pending(),
                                        policy,
                                        means.settings().verifier());
                            } catch (ProofException e) {
                                throw Failures.unproved("the receipt does not prove the join", e);
                            }
                        }),
                        means.lane());
    }

    /** The gateway's key is proved, so its word can at least be held against it. */
    private CompletableFuture<Void> stillGood(Presence at, Bytes encoded) {
        ProvisionalReceipt receipt = Failures.wrapped(() -> {
            if (means.settings().mode() != Verification.DELEGATED) {
                throw waits();
            }
            return read(encoded, id(at.self()), at.self());
        });
        return at.view()
                .key(at.self().gatewayName(), Duration.ZERO)
                .thenAcceptAsync(
                        gateway -> Failures.wrapped(() -> {
                            MemberRecord record = gateway.record();
                            boolean good = record.isActive()
                                    && record.role() == Role.GATEWAY
                                    && receipt.signedBy(
                                            record.keys().sig(),
                                            means.settings().verifier());
                            if (!good) {
                                throw new DeviceException(
                                        DeviceException.Kind.UNPROVED, "the provisional receipt is not the gateway's");
                            }
                            return null;
                        }),
                        means.lane());
    }

    private static ProvisionalReceipt read(Bytes encoded, Digest id, Membership self) throws DeviceException {
        try {
            ProvisionalReceipt receipt = ProvisionalReceipt.decode(encoded);
            boolean ours = receipt.chain().equals(self.chain())
                    && receipt.name().equals(self.name())
                    && receipt.transactionId().equals(id);
            if (!ours) {
                throw new DeviceException(DeviceException.Kind.UNPROVED, "the provisional receipt of another join");
            }
            return receipt;
        } catch (MalformedMessageException e) {
            throw Failures.unproved("not a provisional receipt", e);
        }
    }

    private Bytes pending() throws IOException, DeviceException {
        return files.pendingJoin()
                .orElseThrow(() -> new DeviceException(
                        DeviceException.Kind.STORE,
                        "the join that the chain was to decide on is not in the directory"));
    }

    private static Digest id(Bytes transaction, ChainId chain) throws DeviceException {
        try {
            return SignedTransaction.decode(transaction).id(chain);
        } catch (MalformedTransactionException e) {
            throw new DeviceException(DeviceException.Kind.STORE, "the join in the directory is damaged", e);
        }
    }

    private static Patience.Passing waits() {
        return new Patience.Passing(UNDECIDED, Duration.ZERO);
    }
}
