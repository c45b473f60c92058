package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.envelope.CounterStore;
import dev.latchkey.envelope.MalformedStateException;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.envelope.VerifiedOpener;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What this device may send in sessions of several recipients that another member opened: a group needs one opener then,
 * not one of each member. A session is found by who is in it; the newest one counts. Used from the device's lane.
 */
final class SharedSessions {
    /** Longest use of one session (payload.md). */
    static final Duration LIFE = Duration.ofHours(24);

    private final String chainName;
    private final DeviceFiles files;
    private final Clock clock;

    /** @param chainName the device's chain: it sends in no session of another */
    SharedSessions(String chainName, DeviceFiles files, Clock clock) {
        this.chainName = chainName;
        this.files = files;
        this.clock = clock;
    }

    /** Where the counter of this device's part in a session is kept. */
    CounterStore store(VerifiedOpener opener) {
        String key = key(opener.senderKid(), opener.recipients());
        return state -> files.keepSending(key, state);
    }

    /** Keeps this device's part in a session that was just taken up, if it can be of use. */
    void offer(VerifiedOpener opener, SendingSession own, Instant began) {
        boolean useful = opener.recipients().size() > 1
                && opener.context().chainName().equals(chainName)
                && clock.instant().isBefore(began.plus(LIFE));
        try {
            if (useful && files.claim(opener.sessionId(), began)) {
                own.keep();
            }
        } catch (IOException e) {
            // It is not used then; a session of this device's own takes its place.
            own.end();
        }
    }

    /**
     * This device's part in a session.
     *
     * @param key by which its state is kept
     */
    record Part(String key, SendingSession session) {}

    /** This device's part in the session that an author opened for these recipients, if it may still be used. */
    Optional<Part> find(KeyId author, Collection<KeyId> recipients) throws IOException {
        String key = key(author, recipients);
        Optional<Bytes> kept = files.sending(key);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try {
            SendingSession session = SendingSession.resume(kept.get(), state -> files.keepSending(key, state));
            Instant over = Instant.ofEpochMilli(session.openedMillis()).plus(LIFE);
            if (session.isUsable() && clock.instant().isBefore(over)) {
                return Optional.of(new Part(key, session));
            }
        } catch (MalformedStateException e) {
            // A counter that is not whole is never resumed.
        }
        files.dropSending(key);
        return Optional.empty();
    }

    private static String key(KeyId author, Collection<KeyId> recipients) {
        return "of " + author + " for "
                + recipients.stream().map(KeyId::toString).sorted().collect(Collectors.joining(" "));
    }
}
