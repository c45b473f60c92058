package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.Signer;
import dev.latchkey.envelope.Sealed;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.envelope.SessionEndedException;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Pack;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Everything that this device sends to the same recipients: a session while it lasts, then another. Used from the device's
 * lane.
 *
 * <p>A reading is sealed once and sent as the same bytes until the gateway has answered. Only when the gateway says that
 * it did not take it, because the session is over, is the pack sealed again, in a new session.
 */
final class Conversation {
    /** Sessions tried for one pack before the gateway's refusals are taken for final. */
    private static final int SESSION_TRIES = 6;

    /** Answers after which a new session is opened: the reading was not taken. */
    private static final Set<String> SESSION_OVER =
            Set.of("unknown-session", "session-ended", "session-id-taken", "counter-reused", "stale-height");

    /** The gateway knows that the recipient's keys are others now, before its checkpoint proves it. */
    private static final Set<String> OTHER_KEYS = Set.of("unknown-recipient", "session-ended");

    private final Recipients recipients;
    private final SessionOpener opener;
    private final Signer sig;
    private final Chains chains;
    private final GatewayLink link;
    private final DeviceFiles files;
    private final DeviceSettings settings;
    private final Lane lane;

    private Optional<Talk> talk;
    private Optional<CompletableFuture<Talk>> opening = Optional.empty();

    /** Oldest answer about the checkpoint that will do for the next opening. */
    private Duration checkpointAge;

    Conversation(Recipients recipients, SessionOpener opener, Signer sig, Chains chains, GatewayLink link, Means means)
            throws IOException {
        this.recipients = recipients;
        this.opener = opener;
        this.sig = sig;
        this.chains = chains;
        this.link = link;
        this.files = means.files();
        this.settings = means.settings();
        this.lane = means.lane();
        this.checkpointAge = settings.keyAge();
        this.talk = opener.resumed();
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

    private CompletableFuture<Acknowledged> sealAndSend(Talk in, Bytes pack, Delivery delivery) {
        Sealed sealed;
        try {
            sealed = in.session().seal(pack);
        } catch (SessionEndedException e) {
            // A counter that cannot be kept would fail the next session too.
            return CompletableFuture.failedFuture(
                    e.getCause() instanceof IOException ? Failures.store(e) : new SessionOver(in, e));
        }
        int openerBytes = in.takeOpenerBytes();
        return handedOver(in, sealed, delivery)
                .handleAsync(
                        (done, failure) -> Failures.wrapped(() -> {
                            if (failure != null) {
                                throw isOneOf(SESSION_OVER, failure)
                                        ? new SessionOver(in, Failures.cause(failure))
                                        : asException(failure);
                            }
                            if (done) {
                                in.becomesKnown();
                                signFor(in, sealed);
                            }
                            return new Acknowledged(
                                    recipients.toString(),
                                    in.session().sessionId(),
                                    sealed.partialIv(),
                                    sealed.message().size(),
                                    openerBytes,
                                    done);
                        }),
                        lane);
    }

    private CompletableFuture<Boolean> handedOver(Talk in, Sealed sealed, Delivery delivery) {
        return in.known()
                ? link.message(ContentFormat.COSE_ENCRYPT0, sealed.message(), delivery)
                : link.reading(in.session().sessionId(), sealed.message(), delivery);
    }

    /** A digest that the gateway does not take costs no reading: those it lists stay without one. */
    private void signFor(Talk in, Sealed sealed) {
        in.acknowledged(sealed, sig).ifPresent(link::digest);
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
        drop(over.talk);
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
    private CompletableFuture<Talk> current() {
        if (opening.isPresent()) {
            return opening.get();
        }
        if (talk.isPresent() && isUsable(talk.get().session())) {
            return CompletableFuture.completedFuture(talk.get());
        }
        talk.ifPresent(this::drop);
        CompletableFuture<Talk> opened = open(SESSION_TRIES)
                .handleAsync(
                        (done, failure) -> Failures.wrapped(() -> {
                            opening = Optional.empty();
                            talk = Optional.ofNullable(done);
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
        Instant over = Instant.ofEpochMilli(candidate.openedMillis()).plus(SharedSessions.LIFE);
        return candidate.isUsable() && settings.clock().instant().isBefore(over);
    }

    private void drop(Talk over) {
        over.session().end();
        if (talk.isPresent() && talk.get() == over) {
            talk = Optional.empty();
            try {
                files.dropSending(over.key());
            } catch (IOException e) {
                // Harmless: what stays is the state beyond every reading sealed, and the next session replaces it.
                return;
            }
        }
    }

    private CompletableFuture<Talk> open(int tries) {
        return opener.open(checkpointAge)
                .handleAsync(
                        (done, failure) -> {
                            if (failure == null) {
                                checkpointAge = settings.keyAge();
                                return CompletableFuture.completedFuture(done);
                            }
                            boolean older = !checkpointAge.isZero();
                            checkpointAge = Duration.ZERO;
                            if (older && tries > 1 && isNobody(failure)) {
                                // It may have joined, or arrived from another chain, since.
                                return open(tries - 1);
                            }
                            if (tries > 1 && isOneOf(OTHER_KEYS, failure)) {
                                return chains.facts().nextCheckpoint().thenComposeAsync(newer -> open(tries - 1), lane);
                            }
                            return tries > 1 && isOneOf(SESSION_OVER, failure)
                                    ? open(tries - 1)
                                    : CompletableFuture.<Talk>failedFuture(Failures.cause(failure));
                        },
                        lane)
                .thenCompose(outcome -> outcome);
    }

    private static boolean isNobody(Throwable failure) {
        return Failures.cause(failure) instanceof DeviceException
                && ((DeviceException) Failures.cause(failure)).kind() == DeviceException.Kind.UNKNOWN_MEMBER;
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

        private final transient Talk talk;

        SessionOver(Talk talk, Throwable cause) {
            super("the session is over", cause);
            this.talk = talk;
        }
    }
}
