package dev.latchkey.device;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.envelope.Accepted;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.Confirmation;
import dev.latchkey.envelope.Contents;
import dev.latchkey.envelope.MalformedMessageException;
import dev.latchkey.envelope.MalformedStateException;
import dev.latchkey.envelope.OpenerHead;
import dev.latchkey.envelope.OpenerVerifier;
import dev.latchkey.envelope.Receiver;
import dev.latchkey.envelope.ReceivingSession;
import dev.latchkey.envelope.RefusedMessageException;
import dev.latchkey.envelope.SignedDigest;
import dev.latchkey.envelope.VerifiedOpener;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.ReturnedNotice;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Opens what is in the inbox, with every check of payload.md in its order. Used from the device's lane. What comes out
 * is not yet on disk.
 */
final class InboxEntryReader {
    /** How much older than the mailbox's retention an opener's block may be. */
    static final Duration BEYOND_RETENTION = Duration.ofHours(24);

    private final Chains chains;
    private final List<Receiver> receivers;
    private final ReceivedSessions sessions;
    private final SharedSessions shared;
    private final SenderKeys senders;
    private final EcVerifier verifier;
    private final DeviceSettings settings;
    private final Lane lane;

    /** What became of an entry: something to deliver, something to drop, something to tell, or nothing. */
    record Outcome(
            Optional<Received> received,
            Optional<Unopened> unopened,
            Optional<Returned> returned,
            List<DigestReport> reports) {
        static final Outcome NOTHING = of(List.of());

        static Outcome of(List<DigestReport> reports) {
            return new Outcome(Optional.empty(), Optional.empty(), Optional.empty(), reports);
        }

        static Outcome of(Received received, List<DigestReport> reports) {
            return new Outcome(Optional.of(received), Optional.empty(), Optional.empty(), reports);
        }

        /** Whether it came in one of these sessions. */
        boolean isOf(Set<Digest> sessions) {
            return received.filter(pack -> sessions.contains(pack.session())).isPresent()
                    || unopened.filter(message -> sessions.contains(message.session()))
                            .isPresent()
                    || reports.stream().anyMatch(report -> sessions.contains(report.session()));
        }
    }

    /**
     * @param receivers this device under its keys: those of today, then former ones
     * @param shared takes what this device may send in sessions that others opened
     */
    InboxEntryReader(
            Chains chains,
            List<Receiver> receivers,
            ReceivedSessions sessions,
            SharedSessions shared,
            DeviceSettings settings,
            Lane lane) {
        this.chains = chains;
        this.receivers = List.copyOf(receivers);
        this.sessions = sessions;
        this.shared = shared;
        this.senders = new SenderKeys(lane);
        this.verifier = settings.verifier();
        this.settings = settings;
        this.lane = lane;
    }

    /** Reads one entry; fails only for a reason that may pass. */
    CompletableFuture<Outcome> read(InboxEntry entry) {
        if (entry.contentFormat() == ContentFormat.CBOR) {
            return CompletableFuture.completedFuture(returned(entry));
        }
        try {
            Optional<ReceivingSession> session = sessions.find(entry.session());
            if (entry.contentFormat() == ContentFormat.COSE_ENCRYPT0) {
                return fromMember(entry, session, known -> reading(entry, known));
            }
            Optional<SignedDigest> digest = digest(entry);
            if (digest.isPresent()) {
                return fromMember(entry, session, known -> digest(entry, known, digest.get()));
            }
            // A known opener again changes nothing: the session goes on.
            return session.isPresent() ? CompletableFuture.completedFuture(Outcome.NOTHING) : opener(entry);
        } catch (MalformedStateException e) {
            return CompletableFuture.completedFuture(dropped(entry, "damaged-session"));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(Failures.store(e));
        }
    }

    private static Outcome returned(InboxEntry entry) {
        try {
            ReturnedNotice notice = ReturnedNotice.decode(entry.message());
            return new Outcome(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Returned(entry.sender(), entry.session(), notice.reason(), notice.ranges())),
                    List.of());
        } catch (dev.latchkey.protocol.MalformedMessageException e) {
            return dropped(entry, "malformed");
        }
    }

    private static Optional<SignedDigest> digest(InboxEntry entry) {
        try {
            return Optional.of(SignedDigest.read(entry.message()));
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    /** Goes on if the sender is a member of the session; of a recipient the chain must tell by which key it is listed. */
    private CompletableFuture<Outcome> fromMember(
            InboxEntry entry,
            Optional<ReceivingSession> session,
            Function<ReceivingSession, CompletableFuture<Outcome>> then) {
        if (session.isEmpty()) {
            return CompletableFuture.completedFuture(dropped(entry, "unknown-session"));
        }
        if (session.get().knows(entry.sender())) {
            return then.apply(session.get());
        }
        return chains.factsNamed(session.get().chainName())
                .thenComposeAsync(
                        facts -> facts.isPresent()
                                ? senders.exchangeKey(
                                        facts.get(),
                                        entry.sender(),
                                        session.get().height())
                                : CompletableFuture.completedFuture(Optional.<KeyId>empty()),
                        lane)
                .thenComposeAsync(kid -> admitted(entry, session.get(), kid, then), lane);
    }

    private static CompletableFuture<Outcome> admitted(
            InboxEntry entry,
            ReceivingSession session,
            Optional<KeyId> kid,
            Function<ReceivingSession, CompletableFuture<Outcome>> then) {
        try {
            if (kid.isEmpty()) {
                return CompletableFuture.completedFuture(dropped(entry, "wrong-sender"));
            }
            session.admit(entry.sender(), kid.get());
            return then.apply(session);
        } catch (RefusedMessageException e) {
            return CompletableFuture.completedFuture(dropped(entry, "wrong-sender"));
        }
    }

    private CompletableFuture<Outcome> reading(InboxEntry entry, ReceivingSession session) {
        boolean wasDropped = session.isDropped(entry.sender());
        try {
            var opening = session.open(
                    entry.sender(), entry.message(), settings.clock().instant());
            sessions.changed(session);
            Received received =
                    received(session.chainName(), entry, OptionalInt.of(opening.partialIv()), opening.contents());
            List<DigestReport> settled = reports(entry, session, opening.settled());
            settled.forEach(report -> sessions.reported(report, Optional.empty()));
            return CompletableFuture.completedFuture(Outcome.of(received, settled));
        } catch (RefusedMessageException e) {
            sessions.changed(session);
            if (e.reason() == RefusedMessageException.Reason.SEEN) {
                // What was delivered before comes again when its acknowledgement was lost: nobody's fault.
                return CompletableFuture.completedFuture(Outcome.NOTHING);
            }
            boolean drops = session.isDropped(entry.sender()) && !wasDropped;
            return CompletableFuture.completedFuture(dropped(entry, drops ? "session-dropped" : word(e)));
        }
    }

    /** What the sender says that a gateway acknowledged, against what has arrived. */
    private CompletableFuture<Outcome> digest(InboxEntry entry, ReceivingSession session, SignedDigest digest) {
        return chains.factsNamed(session.chainName())
                .thenComposeAsync(
                        facts -> facts.isPresent()
                                ? senders.signingKey(facts.get(), entry.sender(), digest.senderKid(), session.height())
                                : CompletableFuture.completedFuture(Optional.<CoseKey>empty()),
                        lane)
                .thenApplyAsync(
                        key -> key.isPresent()
                                ? confirmed(entry, session, digest, key.get())
                                : dropped(entry, "sender-not-current"),
                        lane);
    }

    private Outcome confirmed(InboxEntry entry, ReceivingSession session, SignedDigest digest, CoseKey key) {
        try {
            Confirmation found = session.confirm(entry.sender(), digest.verifiedBy(key, verifier));
            sessions.changed(session);
            List<DigestReport> reports = reports(entry, session, List.of(found));
            reports.forEach(report -> sessions.reported(report, Optional.of(entry.message())));
            return Outcome.of(reports);
        } catch (RefusedMessageException e) {
            return dropped(entry, word(e));
        }
    }

    private static List<DigestReport> reports(InboxEntry entry, ReceivingSession session, List<Confirmation> found) {
        return found.stream()
                .map(one -> new DigestReport(session.chainName(), entry.sender(), session.sessionId(), one))
                .toList();
    }

    private CompletableFuture<Outcome> opener(InboxEntry entry) {
        OpenerHead head;
        try {
            head = OpenerHead.read(entry.message());
        } catch (MalformedMessageException e) {
            return CompletableFuture.completedFuture(dropped(entry, word(e)));
        }
        return chains.factsNamed(head.chainName())
                .thenComposeAsync(
                        facts -> facts.isPresent()
                                ? opener(entry, head, facts.get())
                                : CompletableFuture.completedFuture(dropped(entry, "other-chain")),
                        lane);
    }

    private CompletableFuture<Outcome> opener(InboxEntry entry, OpenerHead head, ChainFacts facts) {
        return facts.block(head.height())
                .thenComposeAsync(
                        block -> facts.retention()
                                .thenComposeAsync(retention -> judged(entry, head, facts, block, retention), lane),
                        lane);
    }

    private CompletableFuture<Outcome> judged(
            InboxEntry entry, OpenerHead head, ChainFacts facts, KnownBlock block, Duration retention) {
        Instant oldest = settings.clock().instant().minus(retention.plus(BEYOND_RETENTION));
        if (Instant.ofEpochMilli(block.timeMillis()).isBefore(oldest)) {
            return CompletableFuture.completedFuture(dropped(entry, "too-old"));
        }
        return senders.signingKey(facts, entry.sender(), head.senderKid(), head.height())
                .thenApplyAsync(
                        key -> key.isPresent()
                                ? opened(entry, facts.context(block), block, key.get())
                                : dropped(entry, "sender-not-current"),
                        lane);
    }

    private Outcome opened(InboxEntry entry, ChainContext context, KnownBlock block, CoseKey senderKey) {
        try {
            VerifiedOpener verified =
                    OpenerVerifier.verify(entry.message(), context, entry.sender(), senderKey, verifier);
            if (!verified.sessionId().equals(entry.session())) {
                return dropped(entry, "other-session");
            }
            Instant began = Instant.ofEpochMilli(block.timeMillis());
            Accepted accepted = accepted(verified, began);
            sessions.changed(accepted.session());
            shared.offer(verified, accepted.own(), began);
            return accepted.first()
                    .map(first ->
                            Outcome.of(received(context.chainName(), entry, OptionalInt.empty(), first), List.of()))
                    .orElse(Outcome.NOTHING);
        } catch (RefusedMessageException e) {
            return dropped(entry, word(e));
        }
    }

    /** As the one that the opener is sealed to: this device under its key and name of today, or of before. */
    private Accepted accepted(VerifiedOpener opener, Instant began) throws RefusedMessageException {
        List<Receiver> meant = receivers.stream()
                .filter(receiver ->
                        opener.recipients().contains(receiver.kex().publicKey().kid()))
                .toList();
        Instant now = settings.clock().instant();
        for (int i = 0; i + 1 < meant.size(); i++) {
            try {
                return meant.get(i).accept(opener, now, began, shared.store(opener));
            } catch (RefusedMessageException e) {
                if (e.reason() != RefusedMessageException.Reason.NOT_OPENED) {
                    throw e;
                }
            }
        }
        Receiver last = meant.isEmpty() ? receivers.get(0) : meant.get(meant.size() - 1);
        return last.accept(opener, now, began, shared.store(opener));
    }

    private static Received received(String chainName, InboxEntry entry, OptionalInt partialIv, Contents contents) {
        return new Received(
                chainName,
                entry.sender(),
                entry.session(),
                Instant.ofEpochMilli(entry.receivedMillis()),
                partialIv,
                contents);
    }

    static Outcome dropped(InboxEntry entry, String reason) {
        return new Outcome(
                Optional.empty(),
                Optional.of(new Unopened(entry.sender(), entry.session(), reason)),
                Optional.empty(),
                List.of());
    }

    private static String word(RefusedMessageException e) {
        return e.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
