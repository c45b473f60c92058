package dev.latchkey.device;

import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;

/** Whether a member's signing key may stand under an opener. Stateless. */
final class SenderRule {
    private SenderRule() {}

    /**
     * Whether the key was the member's at the opener's height and was not taken from it since. An active record says
     * since when its keys are current; one of a member that left on its own says until when. Revoked and suspended
     * members are refused at any height: else a stolen key could be used for ever by dating openers back.
     */
    static boolean allows(MemberRecord record, KeyId senderKid, long openerHeight) {
        if (!record.keys().sig().kid().equals(senderKid)) {
            return false;
        }
        if (record.isActive()) {
            return record.height() <= openerHeight;
        }
        return record.state() instanceof MemberState.Left && openerHeight < record.height();
    }
}
