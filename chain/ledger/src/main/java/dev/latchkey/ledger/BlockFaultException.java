package dev.latchkey.ledger;

import dev.latchkey.bytes.Digest;
import java.util.Optional;

/** A block does not follow from its parent. The replica stays where it is and keeps the block as evidence. */
public final class BlockFaultException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the block. */
    public enum Fault {
        /** Not a block, or a header that is none. */
        MALFORMED,
        /** More bytes than a block or its transactions may have. */
        SIZE,
        /** Nested deeper than anything of ours. */
        DEPTH,
        /** Nothing in it, or more than 1,024 transactions. */
        COUNT,
        /** What stands first is no seal. */
        SEAL,
        VERSION,
        PARENT,
        HEIGHT,
        TIME,
        DIFFICULTY,
        WORK,
        MERKLE_ROOT,
        HISTORY_ROOT,
        DIRECTORY_ROOT,
        /** No transaction, and the chain was not idle for an hour. */
        EARLY_SEAL,
        /** A transaction that the rules refuse. */
        TRANSACTION,
        /** A transaction that was applied before. */
        REPEATED,
        /** A signature that does not verify. */
        SIGNATURE,
        /** Block 0 of another chain than the one expected. */
        CHAIN
    }

    private final Fault fault;
    private final long height;
    private final transient Optional<Refusal> refusal;
    private final transient Optional<Digest> expected;
    private final transient Optional<Digest> found;

    BlockFaultException(Fault fault, long height) {
        this(fault, height, Optional.empty());
    }

    /** A hash or a root that is another one than it has to be. */
    BlockFaultException(Fault fault, long height, Digest expected, Digest found) {
        super("a block is faulty");
        this.fault = fault;
        this.height = height;
        this.refusal = Optional.empty();
        this.expected = Optional.of(expected);
        this.found = Optional.of(found);
    }

    BlockFaultException(Fault fault, long height, Optional<Refusal> refusal) {
        super("a block is faulty");
        this.fault = fault;
        this.height = height;
        this.refusal = refusal;
        this.expected = Optional.empty();
        this.found = Optional.empty();
    }

    public Fault fault() {
        return fault;
    }

    /** Height that the block should have had. */
    public long height() {
        return height;
    }

    /** Why the rules refuse a transaction of the block, if that is the fault. */
    public Optional<Refusal> refusal() {
        return refusal;
    }

    /** The hash or root that should have been found, if the fault is one of those. */
    public Optional<Digest> expected() {
        return expected;
    }

    /** The hash or root that was found instead. */
    public Optional<Digest> found() {
        return found;
    }

    @Override
    public String getMessage() {
        return "block " + height + " is faulty: " + fault
                + refusal.map(reason -> " (" + reason.code() + ")").orElse("");
    }
}
