package dev.latchkey.cloud.mailbox;

/** A batch whose entry is larger than the log takes: many recipients of many messages. Nothing of it was delivered. */
public final class BatchTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BatchTooLargeException() {
        super("a batch is too large for the log", null, false, false);
    }
}
