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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What this device may send in sessions of several recipients that another member opened: a group needs one opener then,
 * not one of each member. A session is found by who is in it; the newest one counts. Used from the device's lane.
 *
 * <p>Who opened a session can show its opener again, and from it follow the same keys with the counter at zero. So a device
 * takes part in a session once ({@link Claims}).
 */
final class SharedSessions {
    /** Longest use of one session (payload.md). */
    static final Duration LIFE = Duration.ofHours(24);

    private static final int MAX_OFFERED = 64;

    private final String chainName;
    private final KeyId ownExchange;
    private final DeviceFiles files;
    private final Clock clock;
    private final Map<String, SendingSession> offered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SendingSession> eldest) {
            boolean full = size() > MAX_OFFERED;
            if (full) {
                // On the disk it stays for a while.
                eldest.getValue().end();
            }
            return full;
        }
    };

    /**
     * @param chainName the device's chain: it sends in no session of another
     * @param ownExchange the kid of its kex key of today: nor in one that was opened to a former one
     */
    SharedSessions(String chainName, KeyId ownExchange, DeviceFiles files, Clock clock) {
        this.chainName = chainName;
        this.ownExchange = ownExchange;
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
                && opener.recipients().contains(ownExchange)
                && opener.context().chainName().equals(chainName)
                && clock.instant().isBefore(began.plus(LIFE));
        try {
            if (useful && files.claim(opener.sessionId(), began)) {
                own.keep();
                Optional.ofNullable(offered.put(key(opener.senderKid(), opener.recipients()), own))
                        .ifPresent(SendingSession::end);
            } else {
                own.end();
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
        Optional<SendingSession> part = Optional.ofNullable(offered.remove(key));
        if (part.isEmpty()) {
            part = resumed(key);
        }
        if (part.isEmpty()) {
            return Optional.empty();
        }
        Instant over = Instant.ofEpochMilli(part.get().openedMillis()).plus(LIFE);
        if (part.get().isUsable() && clock.instant().isBefore(over)) {
            return Optional.of(new Part(key, part.get()));
        }
        part.get().end();
        files.dropSending(key);
        return Optional.empty();
    }

    private Optional<SendingSession> resumed(String key) throws IOException {
        Optional<Bytes> kept = files.sending(key);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SendingSession.resume(kept.get(), state -> files.keepSending(key, state)));
        } catch (MalformedStateException e) {
            // A counter that is not whole is never resumed.
            files.dropSending(key);
            return Optional.empty();
        }
    }

    private static String key(KeyId author, Collection<KeyId> recipients) {
        return "of " + author + " for "
                + recipients.stream().map(KeyId::toString).sorted().collect(Collectors.joining(" "));
    }
}
