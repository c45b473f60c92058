package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.Signer;
import dev.latchkey.envelope.DigestLog;
import dev.latchkey.envelope.Sealed;
import dev.latchkey.envelope.SendingSession;
import java.util.Optional;

/** A session that this device sends in, and what it will sign for of what it sent. Used from the device's lane. */
final class Talk {
    private final SendingSession session;
    private final String key;
    private final int digestEvery;
    private final DigestLog log;
    private int openerBytes;
    private boolean known;

    /**
     * @param key by which the state of the session is kept
     * @param digestEvery after so many acknowledged readings it signs for them; 0 for never
     * @param openerBytes length of the opener that went ahead, 0 if none did
     */
    Talk(SendingSession session, String key, int digestEvery, int openerBytes) {
        this.session = session;
        this.key = key;
        this.digestEvery = digestEvery;
        this.log = new DigestLog(session.sessionId());
        this.openerBytes = openerBytes;
        this.known = openerBytes > 0;
    }

    /** Whether the gateway of this connection has taken something of the session, so that its first bytes stand for it. */
    boolean known() {
        return known;
    }

    void becomesKnown() {
        known = true;
    }

    SendingSession session() {
        return session;
    }

    String key() {
        return key;
    }

    /** Length of the opener, for the first who asks. */
    int takeOpenerBytes() {
        int once = openerBytes;
        openerBytes = 0;
        return once;
    }

    /** Notes a reading that the gateway has on its disk; answers a digest when it is time for one. */
    Optional<Bytes> acknowledged(Sealed sealed, Signer sig) {
        if (digestEvery == 0) {
            return Optional.empty();
        }
        log.acknowledged(sealed.partialIv(), sealed.message());
        return log.size() < digestEvery ? Optional.empty() : Optional.of(log.sign(sig));
    }
}
