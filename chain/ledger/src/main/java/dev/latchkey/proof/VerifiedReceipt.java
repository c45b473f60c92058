package dev.latchkey.proof;

import dev.latchkey.ledger.TransactionLocation;

/** Proof that a transaction is in a block of the chain. Only {@link Receipt} makes one. Immutable. */
public final class VerifiedReceipt {
    private final TransactionLocation location;
    private final VerifiedHeader header;
    private final VerifiedCheckpoint under;

    VerifiedReceipt(TransactionLocation location, VerifiedHeader header, VerifiedCheckpoint under) {
        this.location = location;
        this.header = header;
        this.under = under;
    }

    /** Where the transaction stands. */
    public TransactionLocation location() {
        return location;
    }

    /** The header of its block. */
    public VerifiedHeader header() {
        return header;
    }

    /** The checkpoint that the receipt carries. */
    public VerifiedCheckpoint under() {
        return under;
    }
}
