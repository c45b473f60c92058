package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.envelope.Addressee;
import dev.latchkey.envelope.Author;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.MalformedStateException;
import dev.latchkey.envelope.Opened;
import dev.latchkey.envelope.Sealed;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.envelope.SessionEndedException;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Pack;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Everything that this device sends to one recipient: a session while it lasts, then another. Used from the device's
 * lane.
 *
 * <p>A reading is sealed once and sent as the same bytes until the gateway has answered. Only when the gateway says that
 * it did not take it, because the session is over, is the pack sealed again, in a new session.
 */
final class Conversation {
    /** Longest use of one session (payload.md). */
    private static final Duration SESSION_LIFE = Duration.ofHours(24);

    /** Sessions tried for one pack before the gateway's refusals are taken for final. */
    private static final int SESSION_TRIES = 6;

    /** Answers after which a new session is opened: the reading was not taken. */
    private static final Set<String> SESSION_OVER =
            Set.of("unknown-session", "session-ended", "session-id-taken", "counter-reused", "stale-height");

    /** The gateway knows that the recipient's keys are others now, before its checkpoint proves it. */
    private static final Set<String> OTHER_KEYS = Set.of("unknown-recipient", "session-ended");

    private final String recipient;
    private final Address address;
    private final Author author;
    private final Chains chains;
    private final GatewayLink link;
    private final DeviceFiles files;
    private final DeviceSettings settings;
    private final Lane lane;

    private Optional<SendingSession> session;
    private Optional<CompletableFuture<SendingSession>> opening = Optional.empty();
    private int openerBytes;

    /** Oldest answer about the checkpoint that will do for the next opening. */
    private Duration checkpointAge;

    Conversation(Address address, Author author, Chains chains, GatewayLink link, Means means) throws IOException {
        this.recipient = address.toString();
        this.address = address;
        this.author = author;
        this.chains = chains;
        this.link = link;
        this.files = means.files();
        this.settings = means.settings();
        this.lane = means.lane();
        this.checkpointAge = settings.keyAge();
        this.session = resumed();
    }

    /** A session whose state is not whole is not resumed: its counter cannot be trusted. */
    private Optional<SendingSession> resumed() throws IOException {
        Optional<Bytes> kept = files.sending(recipient);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SendingSession.resume(kept.get(), this::keep));
        } catch (MalformedStateException e) {
            files.dropSending(recipient);
            return Optional.empty();
        }
    }

    private void keep(Bytes state) throws IOException {
        files.keepSending(recipient, state);
    }

    CompletableFuture<Acknowledged> send(Pack pack, Delivery delivery) {
        return send(pack.toCbor(), delivery, SESSION_TRIES);
    }

    private CompletableFuture<Acknowledged> send(Bytes pack, Delivery delivery, int tries) {
        return current()
                .thenComposeAsync(usable -> sealAndSend(usable, pack, delivery), lane)
                .handleAsync((done, failure) -> afterwards(pack, delivery, tries, done, failure), lane)
                .thenCompose(outcome -> outcome);
    }

    private CompletableFuture<Acknowledged> sealAndSend(SendingSession in, Bytes pack, Delivery delivery) {
        Sealed sealed;
        try {
            sealed = in.seal(pack);
        } catch (SessionEndedException e) {
            // A counter that cannot be kept would fail the next session too.
            return CompletableFuture.failedFuture(
                    e.getCause() instanceof IOException ? Failures.store(e) : new SessionOver(in, e));
        }
        int opener = openerBytes;
        openerBytes = 0;
        return link.message(ContentFormat.COSE_ENCRYPT0, sealed.message(), delivery)
                .handle((done, failure) -> Failures.wrapped(() -> {
                    if (failure != null) {
                        throw isOneOf(SESSION_OVER, failure)
                                ? new SessionOver(in, Failures.cause(failure))
                                : asException(failure);
                    }
                    return new Acknowledged(
                            recipient,
                            in.sessionId(),
                            sealed.partialIv(),
                            sealed.message().size(),
                            opener,
                            done);
                }));
    }

    private CompletableFuture<Acknowledged> afterwards(
            Bytes pack, Delivery delivery, int tries, Acknowledged done, Throwable failure) {
        if (failure == null) {
            return CompletableFuture.completedFuture(done);
        }
        Throwable cause = Failures.cause(failure);
        if (!(cause instanceof SessionOver)) {
            return CompletableFuture.failedFuture(cause);
        }
        SessionOver over = (SessionOver) cause;
        drop(over.session);
        // The recipient may have other keys by now.
        checkpointAge = Duration.ZERO;
        if (tries <= 1) {
            return CompletableFuture.failedFuture(over.getCause());
        }
        // A second session that ends at once: the gateway knows of new keys before its checkpoint proves them.
        return tries == SESSION_TRIES
                ? send(pack, delivery, tries - 1)
                : chains.facts().nextCheckpoint().thenComposeAsync(newer -> send(pack, delivery, tries - 1), lane);
    }

    /** The session at hand if it may still be used, else a new one; several packs that wait share one opening. */
    private CompletableFuture<SendingSession> current() {
        if (opening.isPresent()) {
            return opening.get();
        }
        if (session.isPresent() && isUsable(session.get())) {
            return CompletableFuture.completedFuture(session.get());
        }
        session.ifPresent(this::drop);
        CompletableFuture<SendingSession> opened = open(SESSION_TRIES)
                .handleAsync(
                        (done, failure) -> Failures.wrapped(() -> {
                            opening = Optional.empty();
                            session = Optional.ofNullable(done);
                            if (failure != null) {
                                throw asException(failure);
                            }
                            return done;
                        }),
                        lane);
        opening = Optional.of(opened);
        return opened;
    }

    private boolean isUsable(SendingSession candidate) {
        Instant over = Instant.ofEpochMilli(candidate.openedMillis()).plus(SESSION_LIFE);
        return candidate.isUsable() && settings.clock().instant().isBefore(over);
    }

    private void drop(SendingSession over) {
        over.end();
        if (session.isPresent() && session.get() == over) {
            session = Optional.empty();
            try {
                files.dropSending(recipient);
            } catch (IOException e) {
                // Harmless: what stays is the state beyond every reading sealed, and the next session replaces it.
                return;
            }
        }
    }

    private CompletableFuture<SendingSession> open(int tries) {
        return chains.key(address, checkpointAge)
                .thenComposeAsync(
                        key -> chains.facts()
                                .context(checkpointAge)
                                .thenComposeAsync(context -> Failures.wrapped(() -> sendOpener(key, context)), lane),
                        lane)
                .handleAsync(
                        (done, failure) -> {
                            if (failure == null) {
                                checkpointAge = settings.keyAge();
                                return CompletableFuture.completedFuture(done);
                            }
                            checkpointAge = Duration.ZERO;
                            if (tries > 1 && isOneOf(OTHER_KEYS, failure)) {
                                return chains.facts().nextCheckpoint().thenComposeAsync(newer -> open(tries - 1), lane);
                            }
                            return tries > 1 && isOneOf(SESSION_OVER, failure)
                                    ? open(tries - 1)
                                    : CompletableFuture.<SendingSession>failedFuture(Failures.cause(failure));
                        },
                        lane)
                .thenCompose(outcome -> outcome);
    }

    private CompletableFuture<SendingSession> sendOpener(MemberKey key, ChainContext context) throws DeviceException {
        if (!isReachable(key.record())) {
            throw new DeviceException(DeviceException.Kind.NOT_ACTIVE, "the recipient's keys are not current");
        }
        if (key.record().role() == Role.GATEWAY) {
            throw new DeviceException(
                    DeviceException.Kind.NO_RECIPIENT, "the recipient is a gateway, which has no inbox of its own");
        }
        Addressee addressee =
                new Addressee(key.record().name(), key.record().keys().kex());
        Opened opened =
                author.open(context, List.of(addressee), settings.clock().instant(), this::keep);
        return link.message(ContentFormat.COSE_SIGN1, opened.opener(), Delivery.CONFIRMED)
                .thenApplyAsync(
                        done -> {
                            openerBytes = opened.opener().size();
                            return opened.session();
                        },
                        lane);
    }

    /** Who is on its way to another chain gets there what is sent to it meanwhile. */
    private static boolean isReachable(MemberRecord record) {
        return record.isActive() || record.state() instanceof MemberState.Moving;
    }

    private static boolean isOneOf(Set<String> codes, Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof DeviceException
                && ((DeviceException) cause)
                        .problemCode()
                        .filter(codes::contains)
                        .isPresent();
    }

    private static Exception asException(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof Exception ? (Exception) cause : new IllegalStateException(cause);
    }

    /** The session takes no more readings; the pack it was to carry was not taken. */
    private static final class SessionOver extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient SendingSession session;

        SessionOver(SendingSession session, Throwable cause) {
            super("the session is over", cause);
            this.session = session;
        }
    }
}
