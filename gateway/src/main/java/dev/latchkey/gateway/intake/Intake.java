package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.MalformedMessageException;
import dev.latchkey.envelope.OpenerHead;
import dev.latchkey.envelope.OpenerVerifier;
import dev.latchkey.envelope.ReadingHead;
import dev.latchkey.envelope.RefusedMessageException;
import dev.latchkey.envelope.SignedDigest;
import dev.latchkey.envelope.VerifiedDigest;
import dev.latchkey.envelope.VerifiedOpener;
import dev.latchkey.gateway.inbox.InboundMessage;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.outbox.OutboundMessage;
import dev.latchkey.gateway.outbox.Outboxes;
import dev.latchkey.gateway.outbox.Recipient;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Takes openers, readings and digests; safe for use by many threads, and it blocks none: what costs time runs on the workers or
 * in the store.
 *
 * <p>A message is accepted when one synced write holds all of it: its place in the outbox, its Partial IV, and its
 * place in the inbox of each recipient that is served here. Only then the future says so.
 */
public final class Intake {
    private final Replicas replicas;
    private final RecentHeights heights;
    private final Store store;
    private final Outboxes outboxes;
    private final Inbox inbox;
    private final TicketBook tickets;
    private final LocalSessions local;
    private final Sessions sessions;
    private final EcVerifier verifier;
    private final Executor workers;
    private final Clock clock;
    private final InboxListener listener;
    private volatile Refusal noRoom = Refusal.OVERLOADED;

    private Intake(
            Replicas replicas,
            Store store,
            Outboxes outboxes,
            Inbox inbox,
            TicketBook tickets,
            LocalSessions local,
            Sessions sessions,
            EcVerifier verifier,
            Executor workers,
            Clock clock,
            InboxListener listener) {
        this.replicas = replicas;
        this.heights = new RecentHeights(clock);
        this.store = store;
        this.outboxes = outboxes;
        this.inbox = inbox;
        this.tickets = tickets;
        this.local = local;
        this.sessions = sessions;
        this.verifier = verifier;
        this.workers = workers;
        this.clock = clock;
        this.listener = listener;
    }

    /** Opens the intake on what the store holds. */
    public static Intake open(
            Replicas replicas,
            Store store,
            Outboxes outboxes,
            Inbox inbox,
            TicketBook tickets,
            LocalSessions local,
            SessionLimits limits,
            EcVerifier verifier,
            Executor workers,
            Clock clock,
            InboxListener listener) {
        Sessions sessions = Sessions.open(store, limits.perAuthor(), limits.retention());
        return new Intake(
                replicas, store, outboxes, inbox, tickets, local, sessions, verifier, workers, clock, listener);
    }

    /**
     * Takes a message from the member at the other end of a connection.
     *
     * @param meant the session that a reading belongs to, where its sender says so: of another one that begins alike it is not
     *     taken
     * @return empty when it is on disk, now or since an earlier time; otherwise why nothing was stored
     */
    public CompletionStage<Optional<Refusal>> take(
            MemberHandle sender, int contentFormat, Bytes message, Optional<Digest> meant) {
        if (message.size() > MessageBatch.MAX_MESSAGE_BYTES) {
            return refused(Refusal.TOO_LARGE);
        }
        if (!local.isServed(sender)) {
            return refused(Refusal.NO_TICKET);
        }
        return switch (contentFormat) {
            case ContentFormat.COSE_ENCRYPT0 -> takeReading(sender, message, meant);
            case ContentFormat.COSE_SIGN1 ->
                CompletableFuture.supplyAsync(() -> takeOpener(sender, message), workers)
                        .thenCompose(stored -> stored);
            default -> refused(Refusal.UNSUPPORTED_FORMAT);
        };
    }

    /** Takes what a member signed about readings that it sent; answers as {@link #take}. */
    public CompletionStage<Optional<Refusal>> takeDigest(MemberHandle sender, int contentFormat, Bytes message) {
        if (contentFormat != ContentFormat.COSE_SIGN1) {
            return refused(Refusal.UNSUPPORTED_FORMAT);
        }
        if (message.size() > SignedDigest.MAX_BYTES) {
            return refused(Refusal.TOO_LARGE);
        }
        if (!local.isServed(sender)) {
            return refused(Refusal.NO_TICKET);
        }
        return CompletableFuture.supplyAsync(() -> verifiedDigest(sender, message), workers)
                .thenCompose(stored -> stored);
    }

    private CompletionStage<Optional<Refusal>> verifiedDigest(MemberHandle sender, Bytes message) {
        try {
            VerifiedDigest digest =
                    SignedDigest.read(message).verifiedBy(sender.record().keys().sig(), verifier);
            return store.submit(draft -> storeDigest(draft, sender, digest, message));
        } catch (MalformedMessageException e) {
            return refused(Refusal.MALFORMED);
        } catch (RefusedMessageException e) {
            return refused(
                    e.reason() == RefusedMessageException.Reason.SIGNATURE
                            ? Refusal.BAD_SIGNATURE
                            : Refusal.WRONG_SENDER);
        }
    }

    private Optional<Refusal> storeDigest(Draft draft, MemberHandle sender, VerifiedDigest digest, Bytes message) {
        Optional<Session> found = sessions.find(draft, digest.sessionId());
        if (found.isEmpty()) {
            return Optional.of(Refusal.UNKNOWN_SESSION);
        }
        Session session = found.get();
        if (!session.hasSender(sender)) {
            return Optional.of(Refusal.WRONG_SENDER);
        }
        int first = digest.ranges().get(0).first();
        Bytes hash = Digest.sha256(message).bytes();
        Optional<Bytes> before = sessions.signedBefore(draft, session.id(), sender.id(), first);
        if (before.filter(hash::equals).isPresent()) {
            return Optional.empty();
        }
        if (!local.isCurrent(session, replicas)) {
            sessions.end(draft, session);
            return Optional.of(Refusal.SESSION_ENDED);
        }
        if (before.isPresent()) {
            return Optional.of(Refusal.COUNTER_REUSED);
        }
        if (!queue(draft, Passage.of(session, sender.id()), sender.name(), false, ContentFormat.COSE_SIGN1, message)) {
            return Optional.of(noRoom);
        }
        sessions.sign(draft, session.id(), sender.id(), first, hash);
        return Optional.empty();
    }

    /** Whether nothing new is taken; what is on disk already is acknowledged all the same. */
    public void drain(boolean drained) {
        noRoom = drained ? Refusal.DRAINING : Refusal.OVERLOADED;
    }

    /** Whether nothing new is taken because an administrator has the outbox emptied. */
    public boolean isDraining() {
        return noRoom == Refusal.DRAINING;
    }

    /** Sessions that are open. */
    public long sessions() {
        return sessions.count();
    }

    /** Sessions that the member with an id has opened and that are open; reads the disk. */
    public long sessionsOf(Bytes member) {
        return sessions.countOf(member);
    }

    /** Forgets what is older than its retention. */
    public CompletableFuture<Void> sweep() {
        return sessions.sweep(clock.millis());
    }

    private CompletionStage<Optional<Refusal>> takeReading(MemberHandle sender, Bytes message, Optional<Digest> meant) {
        ReadingHead head;
        try {
            head = ReadingHead.read(message);
        } catch (MalformedMessageException e) {
            return refused(Refusal.MALFORMED);
        }
        return store.submit(draft -> storeReading(draft, sender, head, message, meant));
    }

    private Optional<Refusal> storeReading(
            Draft draft, MemberHandle sender, ReadingHead head, Bytes message, Optional<Digest> meant) {
        Bytes digest = Digest.sha256(message).bytes();
        return sessions.use(draft, head.sessionTag(), sender.id())
                .filter(use -> SessionsInUse.isMeant(meant, use))
                .map(use -> storeReading(draft, sender, head, message, digest, use))
                .orElseGet(() -> sessions.refusal(draft, head, sender.id(), digest, meant));
    }

    private Optional<Refusal> storeReading(
            Draft draft, MemberHandle sender, ReadingHead head, Bytes message, Bytes digest, SessionsInUse.Use use) {
        Session session = use.session();
        Optional<Bytes> before = sessions.seen(draft, use, sender.id(), head.partialIv());
        if (before.filter(digest::equals).isPresent()) {
            return Optional.empty();
        }
        if (!use.hasSender(sender)) {
            return Optional.of(Refusal.WRONG_SENDER);
        }
        if (!use.isCurrent(replicas.states(), () -> local.isCurrent(session, replicas))) {
            sessions.end(draft, session);
            return Optional.of(Refusal.SESSION_ENDED);
        }
        if (before.isPresent()) {
            return Optional.of(Refusal.COUNTER_REUSED);
        }
        if (!queue(draft, use.passage(), sender.name(), false, ContentFormat.COSE_ENCRYPT0, message)) {
            return Optional.of(noRoom);
        }
        use.take(head.partialIv());
        sessions.see(draft, session.id(), sender.id(), head.partialIv(), digest);
        return Optional.empty();
    }

    private CompletionStage<Optional<Refusal>> takeOpener(MemberHandle sender, Bytes message) {
        try {
            OpenerHead head = OpenerHead.read(message);
            Replica replica = replicas.of(sender);
            ChainState state = replica.state().orElseThrow();
            MemberRecord author = sender.record();
            if (!head.chainName().equals(state.chainName())) {
                return refused(Refusal.WRONG_CHAIN);
            }
            if (!head.senderKid().equals(author.keys().sig().kid())) {
                return refused(Refusal.WRONG_SENDER);
            }
            Optional<Digest> blockHash = heights.blockHash(replica, head.height());
            if (blockHash.isEmpty() || author.height() > head.height()) {
                return refused(Refusal.STALE_HEIGHT);
            }
            List<Party> recipients = new ArrayList<>();
            for (KeyId kid : head.recipients()) {
                List<Party> found = local.parties(replicas, replica, kid);
                if (found.isEmpty()) {
                    return refused(Refusal.UNKNOWN_RECIPIENT);
                }
                if (found.stream().anyMatch(party -> party.id().equals(sender.id()))) {
                    return refused(Refusal.SELF_ADDRESSED);
                }
                recipients.addAll(found);
            }
            if (recipients.size() > Session.MAX_RECIPIENTS) {
                return refused(Refusal.UNKNOWN_RECIPIENT);
            }
            ChainContext context = new ChainContext(replica.chain(), state.chainName(), head.height(), blockHash.get());
            VerifiedOpener opener = OpenerVerifier.verify(
                    message, context, sender.name(), author.keys().sig(), verifier);
            Session session = new Session(
                    opener.sessionId(),
                    head.height(),
                    clock.millis(),
                    Party.author(sender, head.senderKid()),
                    recipients);
            return store.submit(draft -> storeOpener(draft, session, message));
        } catch (MalformedMessageException e) {
            return refused(Refusal.MALFORMED);
        } catch (RefusedMessageException e) {
            return refused(Refusal.BAD_SIGNATURE);
        }
    }

    private Optional<Refusal> storeOpener(Draft draft, Session session, Bytes message) {
        if (sessions.find(draft, session.id()).isPresent()) {
            return Optional.empty();
        }
        if (!local.isCurrent(session, replicas)) {
            return Optional.of(Refusal.SESSION_ENDED);
        }
        if (sessions.isTagTaken(draft, session)) {
            return Optional.of(Refusal.SESSION_ID_TAKEN);
        }
        Optional<Refusal> unlocal = session.isLocal() ? local.refusal(draft, session) : Optional.empty();
        if (unlocal.isPresent()) {
            return unlocal;
        }
        Passage passage = Passage.of(session, session.author().id());
        if (!queue(draft, passage, session.author().name(), true, ContentFormat.COSE_SIGN1, message)) {
            return Optional.of(noRoom);
        }
        sessions.add(draft, session);
        local.add(draft, session);
        return Optional.empty();
    }

    /**
     * Into the outbox of the sender's chain and the inbox of each served recipient; of a session with a provisional member only
     * into the inboxes. False if there is no room, or nothing new is taken.
     *
     * @param sender name of the member that sends it
     * @param opens whether this is the session's opener
     */
    private boolean queue(
            Draft draft, Passage passage, String sender, boolean opens, int contentFormat, Bytes message) {
        if (noRoom == Refusal.DRAINING) {
            return false;
        }
        Session session = passage.session();
        ChainId chain = session.author().chain();
        long now = clock.millis();
        InboundMessage inbound = new InboundMessage(sender, session.id(), now, contentFormat, message);
        if (session.isLocal()) {
            Optional<List<Bytes>> reached = local.deliver(draft, session, passage.sender(), opens, inbound);
            reached.ifPresent(members -> draft.afterCommit(() -> listener.arrived(members)));
            return reached.isPresent();
        }
        long height = replicas.of(chain).flatMap(Replica::state).orElseThrow().height();
        List<Recipient> readers = passage.readers();
        // A key that members of several chains have makes more readers than the opener lists keys.
        for (int from = 0; from < readers.size(); from += MessageBatch.MAX_RECIPIENTS) {
            List<Recipient> some = readers.subList(from, Math.min(readers.size(), from + MessageBatch.MAX_RECIPIENTS));
            OutboundMessage outbound =
                    new OutboundMessage(sender, session.id(), height, now, contentFormat, message, some);
            if (!outboxes.of(chain).append(draft, outbound)) {
                return false;
            }
        }
        List<Bytes> arrived = new ArrayList<>();
        for (Bytes recipient : passage.recipients()) {
            if (tickets.serves(recipient) && deliver(draft, session, recipient, opens, inbound)) {
                arrived.add(recipient);
            }
        }
        if (!arrived.isEmpty()) {
            draft.afterCommit(() -> listener.arrived(arrived));
        }
        return true;
    }

    /** At once only what its reader finds behind the opener; the rest comes from the mailbox. */
    private boolean deliver(Draft draft, Session session, Bytes recipient, boolean opens, InboundMessage message) {
        boolean knows = opens
                || recipient.equals(session.author().id())
                || inbox.isBehindOpener(draft, recipient, session.id());
        if (!knows) {
            return false;
        }
        Inbox.Delivery delivery = inbox.deliver(draft, recipient, message);
        if (opens && delivery != Inbox.Delivery.FULL) {
            inbox.noteOpener(draft, recipient, session.id());
        }
        return delivery == Inbox.Delivery.STORED;
    }

    private static CompletionStage<Optional<Refusal>> refused(Refusal reason) {
        return CompletableFuture.completedFuture(Optional.of(reason));
    }
}
