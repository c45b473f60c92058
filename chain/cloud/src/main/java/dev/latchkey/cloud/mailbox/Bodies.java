package dev.latchkey.cloud.mailbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;

/**
 * The bodies kept for one recipient, sender, session and Partial IV: for each the hash of its bytes and the gateway that
 * brought it first. Immutable.
 *
 * @param marks one after the other, {@value #MARK_BYTES} bytes each
 */
record Bodies(Bytes marks) {
    static final Bodies NONE = new Bodies(Bytes.EMPTY);

    private static final int HASH_BYTES = 16;
    private static final int GATEWAY_BYTES = 8;
    private static final int MARK_BYTES = HASH_BYTES + GATEWAY_BYTES;

    static Bytes hash(Bytes message) {
        return Digest.sha256(message).bytes().slice(0, HASH_BYTES);
    }

    private int count() {
        return marks.size() / MARK_BYTES;
    }

    boolean hold(Bytes hash) {
        for (int at = 0; at < marks.size(); at += MARK_BYTES) {
            if (marks.slice(at, at + HASH_BYTES).equals(hash)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether one more body has a place. Four have; after that only the first of each gateway, so that no gateway's
     * garbage keeps out what another one brings.
     */
    boolean haveRoomFor(Bytes gateway) {
        if (count() < MailboxLimits.MAX_BODIES) {
            return true;
        }
        return count() < MailboxLimits.MAX_BODIES_OF_ALL && !areFrom(tag(gateway));
    }

    private boolean areFrom(Bytes tag) {
        for (int at = HASH_BYTES; at < marks.size(); at += MARK_BYTES) {
            if (marks.slice(at, at + GATEWAY_BYTES).equals(tag)) {
                return true;
            }
        }
        return false;
    }

    Bodies with(Bytes hash, Bytes gateway) {
        return new Bodies(Bytes.concat(marks, hash, tag(gateway)));
    }

    private static Bytes tag(Bytes gateway) {
        return gateway.slice(0, GATEWAY_BYTES);
    }
}
