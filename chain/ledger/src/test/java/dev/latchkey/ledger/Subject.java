package dev.latchkey.ledger;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Role;

/**
 * Somebody in a certain role and standing whom a transaction is about.
 *
 * @param role what it may do
 * @param standing where it stands
 * @param identity its keys, or those it would join with
 * @param next the sig key that it committed to
 */
record Subject(Role role, Standing standing, Identity identity, KeyPair next) {
    /** Where a subject stands, as far as rules may tell apart. */
    enum Standing {
        /** The name was never used. */
        ABSENT,
        ACTIVE,
        SUSPENDED,
        /** Moving, not taken in, and the deadline is past. */
        MOVING,
        /** Moving, and taken in by the other chain. */
        ARRIVED,
        /** Moved, and on its way back. */
        MOVED,
        LEFT,
        REVOKED
    }

    String name() {
        return (role + "-" + standing).toLowerCase(java.util.Locale.ROOT);
    }

    long nextSequence(ChainState state) {
        return state.member(name()).map(MemberRecord::sequence).orElse(0L) + 1;
    }

    /** Whether somebody of this role can come to stand there at all: only members move. */
    static boolean exists(Role role, Standing standing) {
        return role == Role.MEMBER
                || standing != Standing.MOVING && standing != Standing.ARRIVED && standing != Standing.MOVED;
    }
}
