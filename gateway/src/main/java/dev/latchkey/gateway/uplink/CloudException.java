package dev.latchkey.gateway.uplink;

import java.io.IOException;

/** The cloud answered, but not with what was asked for. */
public final class CloudException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    CloudException(int status, String code) {
        super("the cloud refused a request");
        this.status = status;
        this.code = code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The problem's code, empty if the answer carried none. */
    public String code() {
        return code;
    }

    @Override
    public String getMessage() {
        return "the cloud answered " + status + (code.isEmpty() ? "" : " " + code);
    }
}
