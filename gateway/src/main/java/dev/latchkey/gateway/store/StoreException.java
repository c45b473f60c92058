package dev.latchkey.gateway.store;

import java.io.IOException;

/** The store cannot be opened: in use, of another format, or damaged. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    StoreException(String message) {
        super(message);
    }
}
