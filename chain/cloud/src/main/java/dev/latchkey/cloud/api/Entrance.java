package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
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

    /**
     * Whether the caller may post these bytes.
     *
     * @param known whether some chain of this node knows the caller as an active member
     */
    static boolean isOpen(Caller caller, boolean known, ChainState state, Bytes transaction) {
        try {
            SignedTransaction signed = SignedTransaction.decode(transaction);
            if (isSignedByOperators(signed, state.policy().operators())) {
                return true;
            }
            if (caller instanceof Caller.Resting resting) {
                return isFiling(signed.transaction())
                        || isOwn(signed.transaction(), resting.record())
                        || isNewcomer(signed, resting.key());
            }
            return caller instanceof Caller.Stranger stranger
                    && (known && isFiling(signed.transaction()) || isNewcomer(signed, stranger.key()));
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

    /** What anyone may file, since it carries its own proof. */
    private static boolean isFiling(Transaction transaction) {
        return transaction instanceof Evidence
                || transaction instanceof RelocateDone
                || transaction instanceof ForeignRevoke;
    }

    /**
     * A consumer enters by its voucher or its place in a batch, who comes from another chain by its record there, and who
     * lost its keys comes back by the next one. The dtls key that is to hold here is the key of TLS.
     */
    private static boolean isNewcomer(SignedTransaction signed, CoseKey key) throws MalformedTransactionException {
        Transaction transaction = signed.transaction();
        if (transaction instanceof Join join) {
            boolean endorsed = join.voucher().isPresent() || signed.batch().isPresent();
            return endorsed && join.keys().dtls().equals(key);
        }
        if (transaction instanceof RelocateIn in) {
            return dtlsThere(in).filter(key::equals).isPresent();
        }
        return transaction instanceof Recover recover && recover.keys().dtls().equals(key);
    }

    private static Optional<CoseKey> dtlsThere(RelocateIn in) throws MalformedTransactionException {
        try {
            Optional<Bytes> there =
                    DirectoryAnswer.decode(in.carried().answer()).value();
            return there.isPresent()
                    ? Optional.of(MemberRecord.decode(there.get()).keys().dtls())
                    : Optional.empty();
        } catch (MalformedCborException e) {
            return Optional.empty();
        }
    }

    /** A member that is not active now still speaks for itself. */
    private static boolean isOwn(Transaction transaction, MemberRecord record) {
        return subject(transaction).filter(record.name()::equals).isPresent();
    }

    private static Optional<String> subject(Transaction transaction) {
        if (transaction instanceof Veto veto) {
            return Optional.of(veto.name());
        }
        return transaction instanceof RelocateCancel cancel ? Optional.of(cancel.name()) : Optional.empty();
    }
}
