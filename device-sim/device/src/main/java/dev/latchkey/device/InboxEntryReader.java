package dev.latchkey.device;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.envelope.Accepted;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.Contents;
import dev.latchkey.envelope.MalformedMessageException;
import dev.latchkey.envelope.MalformedStateException;
import dev.latchkey.envelope.OpenerHead;
import dev.latchkey.envelope.OpenerVerifier;
import dev.latchkey.envelope.Receiver;
import dev.latchkey.envelope.ReceivingSession;
import dev.latchkey.envelope.RefusedMessageException;
import dev.latchkey.envelope.VerifiedOpener;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

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
    private final EcVerifier verifier;
    private final DeviceSettings settings;
    private final Lane lane;

    /** What became of an entry: something to deliver, something to drop, or neither. */
    record Outcome(Optional<Received> received, Optional<Unopened> unopened) {
        static final Outcome NOTHING = new Outcome(Optional.empty(), Optional.empty());

        /** Whether it came in one of these sessions. */
        boolean isOf(Set<Digest> sessions) {
            return received.filter(pack -> sessions.contains(pack.session())).isPresent()
                    || unopened.filter(message -> sessions.contains(message.session()))
                            .isPresent();
        }
    }

    /** @param receivers this device under its keys: those of today, then former ones */
    InboxEntryReader(
            Chains chains, List<Receiver> receivers, ReceivedSessions sessions, DeviceSettings settings, Lane lane) {
        this.chains = chains;
        this.receivers = List.copyOf(receivers);
        this.sessions = sessions;
        this.verifier = settings.verifier();
        this.settings = settings;
        this.lane = lane;
    }

    /** Reads one entry; fails only for a reason that may pass. */
    CompletableFuture<Outcome> read(InboxEntry entry) {
        try {
            Optional<ReceivingSession> session = sessions.find(entry.session());
            if (entry.contentFormat() == ContentFormat.COSE_ENCRYPT0) {
                return CompletableFuture.completedFuture(reading(entry, session));
            }
            // A known opener again changes nothing: the session goes on.
            return session.isPresent() ? CompletableFuture.completedFuture(Outcome.NOTHING) : opener(entry);
        } catch (MalformedStateException e) {
            return CompletableFuture.completedFuture(dropped(entry, "damaged-session"));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(Failures.store(e));
        }
    }

    private Outcome reading(InboxEntry entry, Optional<ReceivingSession> session) {
        if (session.isEmpty()) {
            return dropped(entry, "unknown-session");
        }
        if (!session.get().senderName().equals(entry.sender())) {
            return dropped(entry, "wrong-sender");
        }
        try {
            dev.latchkey.envelope.Opening opening =
                    session.get().open(entry.message(), settings.clock().instant());
            sessions.changed(session.get());
            return delivered(session.get().chainName(), entry, OptionalInt.of(opening.partialIv()), opening.contents());
        } catch (RefusedMessageException e) {
            sessions.changed(session.get());
            // What was delivered before comes again when its acknowledgement was lost: nobody's fault, nothing to tell.
            return e.reason() == RefusedMessageException.Reason.SEEN ? Outcome.NOTHING : dropped(entry, word(e));
        }
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
        return facts.signer(entry.sender(), head.senderKid(), head.height())
                .thenApplyAsync(
                        key -> key.isPresent()
                                ? opened(entry, facts.context(block), key.get())
                                : dropped(entry, "sender-not-current"),
                        lane);
    }

    private Outcome opened(InboxEntry entry, ChainContext context, CoseKey senderKey) {
        try {
            VerifiedOpener verified =
                    OpenerVerifier.verify(entry.message(), context, entry.sender(), senderKey, verifier);
            if (!verified.sessionId().equals(entry.session())) {
                return dropped(entry, "other-session");
            }
            Accepted accepted = accepted(verified);
            sessions.changed(accepted.session());
            return accepted.first()
                    .map(first -> delivered(context.chainName(), entry, OptionalInt.empty(), first))
                    .orElse(Outcome.NOTHING);
        } catch (RefusedMessageException e) {
            return dropped(entry, word(e));
        }
    }

    /** As the one that the opener is sealed to: this device under its key and name of today, or of before. */
    private Accepted accepted(VerifiedOpener opener) throws RefusedMessageException {
        List<Receiver> meant = receivers.stream()
                .filter(receiver ->
                        opener.recipients().contains(receiver.kex().publicKey().kid()))
                .toList();
        Instant now = settings.clock().instant();
        for (int i = 0; i + 1 < meant.size(); i++) {
            try {
                return meant.get(i).accept(opener, now);
            } catch (RefusedMessageException e) {
                if (e.reason() != RefusedMessageException.Reason.NOT_OPENED) {
                    throw e;
                }
            }
        }
        Receiver last = meant.isEmpty() ? receivers.get(0) : meant.get(meant.size() - 1);
        return last.accept(opener, now);
    }

    private static Outcome delivered(String chainName, InboxEntry entry, OptionalInt partialIv, Contents contents) {
        Received received = new Received(
                chainName,
                entry.sender(),
                entry.session(),
                Instant.ofEpochMilli(entry.receivedMillis()),
                partialIv,
                contents);
        return new Outcome(Optional.of(received), Optional.empty());
    }

    static Outcome dropped(InboxEntry entry, String reason) {
        return new Outcome(Optional.empty(), Optional.of(new Unopened(entry.sender(), entry.session(), reason)));
    }

    private static String word(RefusedMessageException e) {
        return e.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
