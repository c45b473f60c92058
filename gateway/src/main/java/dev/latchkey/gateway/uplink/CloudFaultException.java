package dev.latchkey.gateway.uplink;

import java.io.IOException;

/** The cloud answered with something that does not verify, or does not belong to the question. */
public final class CloudFaultException extends IOException {
    private static final long serialVersionUID = 1L;

    public CloudFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
