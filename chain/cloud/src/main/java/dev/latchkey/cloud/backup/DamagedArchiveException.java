package dev.latchkey.cloud.backup;

/** An archive that is not what a node wrote; the message says where and why, in words for an operator. */
public final class DamagedArchiveException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedArchiveException(String reason) {
        super(reason);
    }

    /** One with its cause; the message says where and why. */
    public DamagedArchiveException(String reason, Exception cause) {
        super(reason, cause);
    }
}
