package dev.latchkey.ledger;

import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.ledger.BlockFaultException.Fault;

/** The bytes are not a block, header or entry of the ledger's formats. */
public final class MalformedBlockException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Fault fault;

    public MalformedBlockException(String message) {
        this(Fault.MALFORMED, message);
    }

    MalformedBlockException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    public MalformedBlockException(String message, Throwable cause) {
        super(message, cause);
        this.fault = cause instanceof MalformedCborException malformed ? fault(malformed) : Fault.MALFORMED;
    }

    /** What it is that makes a block of them faulty. */
    Fault fault() {
        return fault;
    }

    private static Fault fault(MalformedCborException cause) {
        return switch (cause.reason()) {
            case TOO_LARGE -> Fault.SIZE;
            case TOO_DEEP -> Fault.DEPTH;
            default -> Fault.MALFORMED;
        };
    }
}
