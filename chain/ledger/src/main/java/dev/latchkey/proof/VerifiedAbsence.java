package dev.latchkey.proof;

/**
 * Proof that nobody of a name was ever a member, as of a checkpoint. Only {@link KeyProof} and {@link KeysProof} make
 * one. Immutable.
 */
public final class VerifiedAbsence implements KeyFinding {
    private final String name;
    private final VerifiedCheckpoint under;

    VerifiedAbsence(String name, VerifiedCheckpoint under) {
        this.name = name;
        this.under = under;
    }

    @Override
    public String name() {
        return name;
    }

    /** The checkpoint under which the name has no record. */
    @Override
    public VerifiedCheckpoint under() {
        return under;
    }
}
