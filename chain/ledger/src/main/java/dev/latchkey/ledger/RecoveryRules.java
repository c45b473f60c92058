package dev.latchkey.ledger;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.PendingRecovery;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Veto;
import java.util.Optional;

/**
 * The rows of recover by operators and its veto. What the operators ask for takes effect in the first block whose header
 * time is 72 h later, before that block's own transactions. Stateless, pure.
 */
final class RecoveryRules {
    /** Time in which the member may object. */
    static final long OBJECTION_MILLIS = 72L * 3_600_000;

    private RecoveryRules() {}

    static Decision decide(Draft draft, SignedTransaction signed, RecoverByOperators recover) {
        Optional<MemberRecord> found = recoverable(draft, recover.name());
        if (found.isEmpty()) {
            return Decision.denied(Refusal.UNKNOWN_MEMBER);
        }
        if (recover.sequence() != found.get().sequence() + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        if (draft.pendingRecovery(recover.name()).isPresent()) {
            return Decision.denied(Refusal.RECOVERY);
        }
        if (recover.keys().all().stream().anyMatch(draft::isRegistered)) {
            return Decision.denied(Refusal.KEY_REUSED);
        }
        Signers signers = new Signers(signed, draft.chain())
                .by(recover.keys().sig())
                .possessedBy(recover.keys().dtls())
                .byOperators(draft.policy().operators());
        PendingRecovery pending = new PendingRecovery(due(draft.timeMillis()), recover.keys(), recover.nextKey());
        return signers.grant(changed -> {
            // Taken for good, even if vetoed: no key is ever registered twice.
            for (CoseKey key : recover.keys().all()) {
                changed.register(key, recover.name());
            }
            changed.putRecovery(recover.name(), pending);
        });
    }

    static Decision decide(Draft draft, SignedTransaction signed, Veto veto) {
        Optional<MemberRecord> found = recoverable(draft, veto.name());
        if (found.isEmpty()) {
            return Decision.denied(Refusal.UNKNOWN_MEMBER);
        }
        MemberRecord record = found.get();
        if (veto.sequence() != record.sequence() + 1) {
            return Decision.denied(Refusal.BAD_SEQUENCE);
        }
        Optional<PendingRecovery> pending = draft.pendingRecovery(veto.name());
        if (pending.isEmpty()) {
            return Decision.denied(Refusal.RECOVERY);
        }
        if (veto.nextKey().isPresent()
                && !record.nextKey().equals(veto.nextKey().map(MemberRecord::commitment))) {
            return Decision.denied(Refusal.NEXT_KEY);
        }
        if (veto.nextKey().isEmpty() && !record.isActive()) {
            return Decision.denied(Refusal.NOT_ALLOWED);
        }
        CoseKey objector = veto.nextKey().orElse(record.keys().sig());
        return new Signers(signed, draft.chain()).by(objector).grant(changed -> {
            changed.endRecovery(veto.name());
            changed.putMember(record.next(changed.height()));
        });
    }

    /** Whatever clock an entry brings, there is a time. */
    private static long due(long timeMillis) {
        return Math.min(timeMillis, Long.MAX_VALUE - OBJECTION_MILLIS) + OBJECTION_MILLIS;
    }

    /** Puts into effect what has waited long enough; the first thing that happens in a block. */
    static void finishDue(Draft draft) {
        for (Optional<String> due = draft.dueRecovery(); due.isPresent(); due = draft.dueRecovery()) {
            String name = due.get();
            PendingRecovery pending = draft.pendingRecovery(name).orElseThrow();
            draft.endRecovery(name);
            recoverable(draft, name)
                    .ifPresent(record ->
                            draft.putMember(record.next(draft.height()).with(pending.keys(), pending.nextKey())));
        }
    }

    private static Optional<MemberRecord> recoverable(Draft draft, String name) {
        return Rules.member(draft, name)
                .filter(record -> record.isActive() || record.state() instanceof MemberState.Suspended);
    }
}
