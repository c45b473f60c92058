package dev.latchkey.proof;

import dev.latchkey.transaction.MemberRecord;

/** The record of a name, as proved under a checkpoint. Only {@link KeyProof} makes one. Immutable. */
public final class VerifiedKey {
    private final MemberRecord record;
    private final VerifiedCheckpoint under;

    VerifiedKey(MemberRecord record, VerifiedCheckpoint under) {
        this.record = record;
        this.under = under;
    }

    /** The record; whether its keys are current is for {@link MemberRecord#isActive} to say. */
    public MemberRecord record() {
        return record;
    }

    /** The checkpoint under which the record is the current one. */
    public VerifiedCheckpoint under() {
        return under;
    }
}
