package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Transaction;

/** Tells the transactions that make a policy from all others. */
final class PolicyTransactions {
    private PolicyTransactions() {}

    /** Whether a transaction of a verified block is genesis or a policy change. */
    static boolean isOne(Bytes verified) {
        try {
            Transaction transaction = SignedTransaction.decode(verified).transaction();
            return transaction instanceof Genesis || transaction instanceof PolicyChange;
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("a transaction of a verified block is malformed", e);
        }
    }
}
