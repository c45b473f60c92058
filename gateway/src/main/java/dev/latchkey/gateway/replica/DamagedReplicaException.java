package dev.latchkey.gateway.replica;

import java.io.IOException;

/** The chain on this gateway's disk is not the one it is configured for, or does not hold together. */
public final class DamagedReplicaException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedReplicaException(String message) {
        super(message);
    }

    DamagedReplicaException(String message, Throwable cause) {
        super(message, cause);
    }
}
