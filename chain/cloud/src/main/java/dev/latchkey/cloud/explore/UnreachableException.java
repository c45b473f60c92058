package dev.latchkey.cloud.explore;

import java.io.IOException;

/** No replica of the chain answers there now. */
final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(IOException cause) {
        super(cause.getMessage() == null ? "the connection broke" : cause.getMessage(), cause);
    }
}
