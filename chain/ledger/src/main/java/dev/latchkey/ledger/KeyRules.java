package dev.latchkey.ledger;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import java.util.List;
import java.util.Optional;

/** The rows of rotate and recover: a member's keys change by its own word. Stateless, pure. */
final class KeyRules {
    private KeyRules() {}

    static Decision rotate(Draft draft, SignedTransaction signed, Rotate rotate) {
        Optional<MemberRecord> found = Rules.currentMember(draft, rotate.name());
        Optional<Refusal> refusal = refusal(draft, found, rotate.sequence(), rotate.brought());
        if (refusal.isPresent()) {
            return Decision.denied(refusal.get());
        }
        MemberRecord before = found.orElseThrow();
        if (!keepsItsCommitment(before, rotate)) {
            return Decision.denied(Refusal.NEXT_KEY);
        }
        MemberKeys old = before.keys();
        MemberKeys keys = new MemberKeys(
                rotate.sig().orElse(old.sig()),
                rotate.kex().orElse(old.kex()),
                rotate.dtls().orElse(old.dtls()));
        Signers signers = new Signers(signed, draft.chain()).by(old.sig());
        rotate.sig().ifPresent(signers::by);
        rotate.dtls().ifPresent(signers::possessedBy);
        MemberRecord after = before.next(draft.height()).with(keys, rotate.nextKey());
        return signers.grant(changed -> change(changed, after, rotate.brought()));
    }

    /** Who holds only the current sig key can neither bring another one nor commit to another one. */
    private static boolean keepsItsCommitment(MemberRecord before, Rotate rotate) {
        if (before.nextKey().isEmpty()) {
            return true;
        }
        return rotate.sig().isPresent()
                ? before.nextKey().equals(rotate.sig().map(MemberRecord::commitment))
                : before.nextKey().equals(rotate.nextKey());
    }

    static Decision recover(Draft draft, SignedTransaction signed, Recover recover) {
        Optional<MemberRecord> found = Rules.member(draft, recover.name())
                .filter(record -> record.isActive() || record.state() instanceof MemberState.Suspended);
        Optional<Refusal> refusal =
                refusal(draft, found, recover.sequence(), recover.keys().all());
        if (refusal.isPresent()) {
            return Decision.denied(refusal.get());
        }
        MemberRecord before = found.orElseThrow();
        if (!before.nextKey()
                .equals(Optional.of(MemberRecord.commitment(recover.keys().sig())))) {
            return Decision.denied(Refusal.NEXT_KEY);
        }
        Signers signers = new Signers(signed, draft.chain())
                .by(recover.keys().sig())
                .possessedBy(recover.keys().dtls());
        MemberRecord after = before.next(draft.height()).with(recover.keys(), recover.nextKey());
        return signers.grant(changed -> change(changed, after, recover.keys().all()));
    }

    private static Optional<Refusal> refusal(
            Draft draft, Optional<MemberRecord> found, long sequence, List<CoseKey> brought) {
        if (found.isEmpty()) {
            return Optional.of(Refusal.UNKNOWN_MEMBER);
        }
        if (sequence != found.get().sequence() + 1) {
            return Optional.of(Refusal.BAD_SEQUENCE);
        }
        if (draft.hasDoneEnough(found.get())) {
            return Optional.of(Refusal.TOO_MANY);
        }
        return brought.stream().anyMatch(draft::isRegistered) ? Optional.of(Refusal.KEY_REUSED) : Optional.empty();
    }

    private static void change(Draft draft, MemberRecord after, List<CoseKey> brought) {
        brought.forEach(key -> draft.register(key, after.name()));
        draft.countOwnTransaction(after);
        draft.putMember(after);
    }
}
