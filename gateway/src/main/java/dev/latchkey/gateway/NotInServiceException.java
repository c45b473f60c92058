package dev.latchkey.gateway;

import java.io.IOException;

/** The gateway cannot serve its chain. */
public final class NotInServiceException extends IOException {
    private static final long serialVersionUID = 1L;

    NotInServiceException(String message) {
        super(message);
    }

    NotInServiceException(String message, Throwable cause) {
        super(message, cause);
    }
}
