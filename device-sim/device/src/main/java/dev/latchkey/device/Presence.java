package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.envelope.Author;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.proof.VerifiedReceipt;
import dev.latchkey.senml.Pack;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Veto;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A member at its gateway under one set of keys; another one takes its place when keys, gateway or chain change. Used
 * from the device's lane.
 */
final class Presence {
    private final Means means;
    private final Membership self;
    private final Identity identity;
    private final GatewayLink link;
    private final Chains chains;
    private final ServeTickets tickets;
    private final Author author;
    private final SharedSessions shared;
    private final Map<Recipients, Conversation> conversations = new HashMap<>();
    private final boolean provisional;
    private boolean closed;

    Presence(Means means, Connecting.Connected connected, Identity identity) {
        this(means, connected, identity, false);
    }

    /** @param provisional whether the chain does not have the member yet */
    Presence(Means means, Connecting.Connected connected, Identity identity, boolean provisional) {
        this.provisional = provisional;
        this.means = means;
        this.self = connected.self();
        this.identity = identity;
        this.link = connected.link();
        this.chains = Chains.of(self, link, means);
        this.tickets =
                new ServeTickets(self, identity.sig(), link, means.settings().clock(), means.lane(), provisional);
        this.shared = new SharedSessions(
                self.chainName(),
                identity.kex().publicKey().kid(),
                means.files(),
                means.settings().clock());
        this.author = new Author(self.name(), identity.sig(), means.settings().random());
    }

    /** Lets the gateway serve the member, and drops from the disk what is past its time. */
    CompletableFuture<Presence> begin() {
        return tickets.renew().thenComposeAsync(given -> sweep(), means.lane()).thenApply(swept -> this);
    }

    /** Drops from the disk what is past its time. */
    CompletableFuture<Void> sweep() {
        return view().policy()
                .thenApplyAsync(
                        policy -> Failures.wrapped(() -> {
                            Duration kept = InboxEntryReader.BEYOND_RETENTION.plusHours(
                                    policy.policy().limits().retentionHours());
                            var oldest = means.settings().clock().instant().minus(kept);
                            means.files().dropSessionsBefore(oldest);
                            means.keys().dropFormerBefore(oldest);
                            return null;
                        }),
                        means.lane());
    }

    /** Whether the member is there on the gateway's word alone. */
    boolean isProvisional() {
        return provisional;
    }

    GatewayLink link() {
        return link;
    }

    Membership self() {
        return self;
    }

    Identity identity() {
        return identity;
    }

    /** The member's own chain. */
    ChainView view() {
        return chains.own();
    }

    Chains chains() {
        return chains;
    }

    /** The chains as seen by a member that moves. */
    Chains chainsOnTheMove() {
        return Chains.allNamed(self, link, means);
    }

    ServeTickets tickets() {
        return tickets;
    }

    /** The member's own record, proved under the newest checkpoint. */
    CompletableFuture<VerifiedKey> own() {
        return view().key(self.name(), Duration.ZERO);
    }

    CompletableFuture<Acknowledged> send(Recipients recipients, Pack pack, Delivery delivery) {
        return tickets.backed(
                () -> Failures.wrapped(() -> conversation(recipients)).send(pack, delivery));
    }

    private Conversation conversation(Recipients recipients) throws IOException {
        Conversation known = conversations.get(recipients);
        if (known == null) {
            KeyId ownExchange = identity.kex().publicKey().kid();
            SessionOpener opener = new SessionOpener(recipients, author, ownExchange, chains, shared, link, means);
            known = new Conversation(recipients, opener, identity.sig(), chains, link, means);
            conversations.put(recipients, known);
        }
        return known;
    }

    /** Submits a transaction to the own chain; answers its receipt, which proves that it is in the chain. */
    CompletableFuture<VerifiedReceipt> submit(Bytes transaction) {
        return submit(view(), transaction);
    }

    /** Submits a transaction to one of the chains. */
    CompletableFuture<VerifiedReceipt> submit(ChainView view, Bytes transaction) {
        return view.link()
                .transaction(transaction)
                .thenCombineAsync(
                        view.policy(),
                        (receipt, policy) -> Failures.wrapped(() -> {
                            try {
                                return Receipt.verify(
                                        receipt,
                                        transaction,
                                        policy,
                                        means.settings().verifier());
                            } catch (ProofException e) {
                                throw Failures.unproved("the receipt does not prove the transaction", e);
                            }
                        }),
                        means.lane());
    }

    CompletableFuture<VerifiedReceipt> leave() {
        return ofOwn(record -> new Leave(record.name(), record.sequence() + 1));
    }

    /** Objects to a recovery; answers the own record after that. */
    CompletableFuture<VerifiedKey> veto() {
        return ofOwn(record -> new Veto(record.name(), record.sequence() + 1, Optional.empty()))
                .thenComposeAsync(receipt -> own(), means.lane());
    }

    /** Submits a transaction that only the member's sig key signs. */
    private CompletableFuture<VerifiedReceipt> ofOwn(Function<MemberRecord, Transaction> transaction) {
        return own().thenComposeAsync(
                        own -> submit(TransactionSigning.of(transaction.apply(own.record()), self.chain())
                                .by(identity.sig())
                                .finish()
                                .encode()),
                        means.lane());
    }

    /** Begins to read the inbox for somebody. */
    Inbox receive(Reception reception) throws IOException {
        ReceivedSessions sessions = new ReceivedSessions(means.files());
        InboxEntryReader reader = new InboxEntryReader(
                chains, Receivers.of(self, identity, means.keys()), sessions, shared, means.settings(), means.lane());
        Inbox inbox = new Inbox(reception, link, reader, sessions, means);
        inbox.start();
        return inbox;
    }

    /** Whether it was ended, so that another one has to take its place. */
    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        link.close();
    }
}
