package dev.latchkey.device;

import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.util.List;
import java.util.Optional;

/**
 * Whether a member's signing key may stand under an opener: it was the member's at the opener's height and was not taken
 * from it since. Stateless.
 */
final class SenderRule {
    private SenderRule() {}

    /** The verdict of a record alone; nothing where older records must tell. */
    static Optional<Boolean> judged(MemberRecord current, KeyId senderKid, long openerHeight) {
        if (isPutOut(current)) {
            return Optional.of(false);
        }
        if (current.height() > openerHeight) {
            return Optional.empty();
        }
        return Optional.of(current.isActive() && current.keys().sig().kid().equals(senderKid));
    }

    /**
     * The verdict of a member's records, newest first. Suspended, revoked and recovered members are refused at any height
     * before: else a stolen key could be used for ever by dating openers back. Who only changed keys, left or moved is not.
     */
    static boolean allows(List<MemberRecord> records, KeyId senderKid, long openerHeight) {
        for (int i = 0; i < records.size(); i++) {
            MemberRecord record = records.get(i);
            if (isPutOut(record)) {
                return false;
            }
            if (record.height() <= openerHeight) {
                return record.isActive() && record.keys().sig().kid().equals(senderKid);
            }
            if (i + 1 < records.size() && isRecovery(records.get(i + 1), record)) {
                return false;
            }
        }
        return false;
    }

    /** Whether the operators have taken a member's keys from it. */
    static boolean isPutOut(MemberRecord record) {
        return record.state() instanceof MemberState.Revoked || record.state() instanceof MemberState.Suspended;
    }

    /** A record does not tell how its keys came about: all three at once are taken for a recovery. */
    private static boolean isRecovery(MemberRecord before, MemberRecord after) {
        MemberKeys old = before.keys();
        MemberKeys now = after.keys();
        return !old.sig().equals(now.sig())
                && !old.kex().equals(now.kex())
                && !old.dtls().equals(now.dtls());
    }
}
