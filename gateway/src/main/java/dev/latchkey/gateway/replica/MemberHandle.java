package dev.latchkey.gateway.replica;

import dev.latchkey.transaction.MemberRecord;

/**
 * A member as its connections see it: always the record of the newest verified block, so that a leave or a revoke acts
 * on the next request of a connection that is already open. Safe for use by many threads; one per DTLS key.
 */
public final class MemberHandle {
    private final String name;
    private volatile MemberRecord record;
    private volatile boolean ended;

    MemberHandle(MemberRecord record) {
        this.name = record.name();
        this.record = record;
    }

    public String name() {
        return name;
    }

    /** The newest verified record under which this handle's DTLS key was current. */
    public MemberRecord record() {
        return record;
    }

    /** Whether the member is active and still owns the key this handle was given for. */
    public boolean isCurrent() {
        return !ended && record.isActive();
    }

    void update(MemberRecord newer) {
        record = newer;
    }

    /** From here on nobody is served through this handle; a member that joins again gets another one. */
    void end() {
        ended = true;
    }

    @Override
    public String toString() {
        return "member " + name;
    }
}
