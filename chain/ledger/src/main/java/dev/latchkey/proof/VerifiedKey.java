package dev.latchkey.proof;

import dev.latchkey.transaction.MemberRecord;

/** The record of a name, as proved under a checkpoint. Only verifiers of this package make one. Immutable. */
public final class VerifiedKey implements KeyFinding {
    private final MemberRecord record;
    private final VerifiedCheckpoint under;

    VerifiedKey(MemberRecord record, VerifiedCheckpoint under) {
        this.record = record;
        this.under = under;
    }

    @Override
    public String name() {
        return record.name();
    }

    /** The record; whether its keys are current is for {@link MemberRecord#isActive} to say. */
    public MemberRecord record() {
        return record;
    }

    /** The checkpoint under which the record is the current one. */
    @Override
    public VerifiedCheckpoint under() {
        return under;
    }
}
