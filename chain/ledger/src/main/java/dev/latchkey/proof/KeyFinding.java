package dev.latchkey.proof;

/** What was proved about a name under a checkpoint: its record, or that it has none. */
public sealed interface KeyFinding permits VerifiedKey, VerifiedAbsence {
    /** The name that was asked for. */
    String name();

    /** The checkpoint under which this holds. */
    VerifiedCheckpoint under();
}
