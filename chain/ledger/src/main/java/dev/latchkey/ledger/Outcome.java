package dev.latchkey.ledger;

import dev.latchkey.bytes.Digest;

/** What became of one transaction of an entry. */
public sealed interface Outcome {
    /** It is in the block of this entry. */
    record Applied(Digest transactionId, TransactionLocation location) implements Outcome {}

    /** The same body was applied before; the location is that of the first time. */
    record Repeated(Digest transactionId, TransactionLocation location) implements Outcome {}

    /** It changed nothing and is in no block. */
    record Refused(Refusal reason) implements Outcome {}
}
