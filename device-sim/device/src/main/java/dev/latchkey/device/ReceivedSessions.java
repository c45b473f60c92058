package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.envelope.Confirmation;
import dev.latchkey.envelope.MalformedStateException;
import dev.latchkey.envelope.ReceivingSession;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions that others opened for this device. What was opened is kept on disk, for several readings at once, before
 * any of it is delivered. Used from the device's lane.
 */
final class ReceivedSessions {
    /** Sessions kept in memory; the others come back from disk. */
    private static final int MAX_IN_MEMORY = 256;

    private static final int SESSION_DIGITS = 16;

    private final DeviceFiles files;
    private final Map<Word, Optional<Bytes>> evidence = new LinkedHashMap<>();
    private final Map<Digest, ReceivingSession> changed = new HashMap<>();
    private final Map<Digest, ReceivingSession> unchanged = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, ReceivingSession> eldest) {
            return size() > MAX_IN_MEMORY;
        }
    };

    /** The name of a file with a digest, and what the names of all its sender's in that session begin with. */
    private record Word(String sender, String name) {}

    ReceivedSessions(DeviceFiles files) {
        this.files = files;
    }

    /**
     * The session of an id.
     *
     * @throws MalformedStateException if its state is damaged: what of it was opened is not known any more
     */
    Optional<ReceivingSession> find(Digest id) throws IOException, MalformedStateException {
        ReceivingSession known = changed.containsKey(id) ? changed.get(id) : unchanged.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Bytes> kept = files.receiving(id);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        ReceivingSession resumed = ReceivingSession.resume(kept.get());
        unchanged.put(id, resumed);
        return Optional.of(resumed);
    }

    /** Takes note that a session is new or something of it was opened. */
    void changed(ReceivingSession session) {
        unchanged.remove(session.sessionId());
        changed.put(session.sessionId(), session);
    }

    /** Takes note of a digest and what came of it: as long as readings are missing, it is kept. */
    void reported(DigestReport report, Optional<Bytes> digest) {
        String sender = report.session().toHex().substring(0, SESSION_DIGITS) + "-" + report.sender() + "-";
        evidence.put(
                new Word(sender, sender + report.confirmation().ranges().get(0).first() + ".cose"),
                report.confirmation().verdict() == Confirmation.Verdict.MISSING ? digest : Optional.<Bytes>empty());
    }

    /**
     * Puts everything that changed on the disk. A session that cannot be written is as it was before: what was opened of
     * it may be opened again.
     *
     * @return the sessions that could not be written
     */
    Set<Digest> keep() {
        Set<Digest> failed = new HashSet<>();
        for (ReceivingSession session : changed.values()) {
            try {
                files.keepReceiving(session.sessionId(), session.state());
                unchanged.put(session.sessionId(), session);
            } catch (IOException e) {
                failed.add(session.sessionId());
            }
        }
        changed.clear();
        keepEvidence();
        return failed;
    }

    /** What is lost of it is no reading: the listener hears of them all the same. */
    private void keepEvidence() {
        evidence.forEach((word, digest) -> {
            try {
                if (digest.isPresent()) {
                    files.keepMissing(word.sender(), word.name(), digest.get());
                } else {
                    files.dropMissing(word.name());
                }
            } catch (IOException e) {
                return;
            }
        });
        evidence.clear();
    }
}
