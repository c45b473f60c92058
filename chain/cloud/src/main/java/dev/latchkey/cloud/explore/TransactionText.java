package dev.latchkey.cloud.explore;

import dev.latchkey.cloud.audit.Kinds;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.Veto;
import java.util.List;
import java.util.stream.Collectors;

/** A transaction in a few words. Stateless. */
final class TransactionText {
    private TransactionText() {}

    /** What it does, such as {@code join by voucher}. */
    static String kind(SignedTransaction transaction) {
        return Kinds.name(transaction);
    }

    /** The name that it is about, or the number of a policy. */
    static String subject(SignedTransaction signed) {
        Transaction transaction = signed.transaction();
        if (transaction instanceof Genesis genesis) {
            return genesis.network() + "/" + genesis.chainName();
        }
        if (transaction instanceof PolicyChange change) {
            return "number " + change.policy().number()
                    + change.cut()
                            .map(cut -> ", gives up what came after height " + cut.height())
                            .orElse("");
        }
        return Shown.plain(name(transaction));
    }

    private static String name(Transaction transaction) {
        if (transaction instanceof Join join) {
            return join.name();
        }
        if (transaction instanceof Rotate rotate) {
            return rotate.name();
        }
        if (transaction instanceof RelocateOut out) {
            return out.name();
        }
        if (transaction instanceof RelocateIn in) {
            return in.name();
        }
        if (transaction instanceof RelocateDone done) {
            return done.name();
        }
        if (transaction instanceof RelocateCancel cancel) {
            return cancel.name();
        }
        if (transaction instanceof Leave leave) {
            return leave.name();
        }
        if (transaction instanceof Standing standing) {
            return standing.name();
        }
        if (transaction instanceof Recover recover) {
            return recover.name();
        }
        if (transaction instanceof RecoverByOperators recover) {
            return recover.name();
        }
        if (transaction instanceof Veto veto) {
            return veto.name();
        }
        return transaction instanceof ForeignRevoke revoke ? revoke.name() : "";
    }

    /** The names that get their first record by it. */
    static List<String> newcomers(Transaction transaction) {
        if (transaction instanceof Genesis genesis) {
            return genesis.members().stream().map(Genesis.FirstMember::name).toList();
        }
        if (transaction instanceof Join join) {
            return List.of(join.name());
        }
        return transaction instanceof RelocateIn in ? List.of(in.name()) : List.of();
    }

    /** The kids of all signatures. */
    static String signers(SignedTransaction transaction) {
        return transaction.kids().stream().map(Object::toString).collect(Collectors.joining(" "));
    }
}
