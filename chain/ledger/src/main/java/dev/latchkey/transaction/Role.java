package dev.latchkey.transaction;

/** What a member may do; the ordinal is the role's number on the wire. */
public enum Role {
    /** Sends and receives sealed readings. */
    MEMBER,
    /** Serves devices, verifies the chain for them, cosigns checkpoints. */
    GATEWAY,
    /** Endorses, suspends and revokes members. */
    ADMIN,
    /** Reads raw blocks. */
    AUDITOR;

    private static final Role[] BY_NUMBER = values();

    /** The role's number on the wire. */
    public int number() {
        return ordinal();
    }

    static Role of(long number) throws MalformedTransactionException {
        if (number < 0 || number >= BY_NUMBER.length) {
            throw new MalformedTransactionException("unknown role");
        }
        return BY_NUMBER[(int) number];
    }
}
