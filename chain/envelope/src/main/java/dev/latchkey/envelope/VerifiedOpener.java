package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyId;
import java.util.List;

/** An opener whose signature was checked; only {@link OpenerVerifier} makes one. Immutable. */
public final class VerifiedOpener {
    private final Digest sessionId;
    private final OpenerHead head;
    private final ChainContext context;
    private final String senderName;

    VerifiedOpener(Digest sessionId, OpenerHead head, ChainContext context, String senderName) {
        this.sessionId = sessionId;
        this.head = head;
        this.context = context;
        this.senderName = senderName;
    }

    /**
     * h, the hash of the Sig_structure. Not of the message: so a second valid signature over the same content does
     * not make a second session, and the id covers the block hash.
     */
    public Digest sessionId() {
        return sessionId;
    }

    /** The first 4 bytes of h, by which readings name the session. */
    public Bytes sessionTag() {
        return ReadingHead.tag(sessionId);
    }

    public ChainContext context() {
        return context;
    }

    public String senderName() {
        return senderName;
    }

    public KeyId senderKid() {
        return head.senderKid();
    }

    /** The kids of the recipients' kex keys, in the order of the list. */
    public List<KeyId> recipients() {
        return head.recipients();
    }

    SealedPart sealed() {
        return head.sealed();
    }
}
