package dev.latchkey.gateway.replica;

import dev.latchkey.ledger.BlockFaultException;
import java.io.IOException;

/** The chain on this gateway's disk is not the one it is configured for, or does not hold together. */
public final class DamagedReplicaException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long height;

    DamagedReplicaException(long height) {
        super("the stored chain is damaged at height " + height);
        this.height = height;
    }

    DamagedReplicaException(long height, BlockFaultException fault) {
        super("the stored chain is damaged: " + fault.getMessage(), fault);
        this.height = height;
    }

    /** The lowest height whose block is known to be missing or wrong. */
    public long height() {
        return height;
    }
}
