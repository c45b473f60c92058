package dev.latchkey.gateway.tree;

import dev.latchkey.gateway.replica.MemberHandle;

/** Hears what became of each opener, reading and digest; called on the threads of the work, so it only counts. */
@FunctionalInterface
public interface MessageTally {
    /** A member brought one, which is on disk now or was refused. */
    void taken(MemberHandle sender, boolean accepted);
}
