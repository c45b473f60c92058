package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.Veto;
import java.util.Optional;

/**
 * What somebody who is no active member may post. Stateless. It looks at who is named and not at signatures: the rules
 * judge whatever passes here, so all that this door decides is for whom they are asked to.
 */
final class Entrance {
    private Entrance() {}

    /** Whether the caller may post these bytes. */
    static boolean isOpen(Caller caller, ChainState state, Bytes transaction) {
        try {
            SignedTransaction signed = SignedTransaction.decode(transaction);
            if (isSignedByOperators(signed, state.policy().operators())) {
                return true;
            }
            if (caller instanceof Caller.Resting resting) {
                return isOwn(signed.transaction(), resting.record()) || isNewcomer(signed, resting.key());
            }
            return caller instanceof Caller.Stranger stranger && isNewcomer(signed, stranger.key());
        } catch (MalformedTransactionException e) {
            return false;
        }
    }

    /** How operators work, and how gateways, admins and auditors enter. */
    private static boolean isSignedByOperators(SignedTransaction signed, Policy.Operators operators) {
        return operators.keys().stream()
                        .filter(key -> signed.kids().contains(key.kid()))
                        .count()
                >= operators.k();
    }

    /** A consumer enters by its voucher, and who lost its keys comes back by the next one: the TLS key is the new one. */
    private static boolean isNewcomer(SignedTransaction signed, CoseKey key) {
        Transaction transaction = signed.transaction();
        if (transaction instanceof Join join) {
            return join.voucher().isPresent() && join.keys().dtls().equals(key);
        }
        return transaction instanceof Recover recover && recover.keys().dtls().equals(key);
    }

    /** A member that is not active now still speaks for itself. */
    private static boolean isOwn(Transaction transaction, MemberRecord record) {
        return subject(transaction).filter(record.name()::equals).isPresent();
    }

    private static Optional<String> subject(Transaction transaction) {
        if (transaction instanceof Veto veto) {
            return Optional.of(veto.name());
        }
        return transaction instanceof Leave leave ? Optional.of(leave.name()) : Optional.empty();
    }
}
