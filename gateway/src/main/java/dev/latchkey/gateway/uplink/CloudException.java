package dev.latchkey.gateway.uplink;

import java.io.IOException;

/** The cloud answered, but not with what was asked for. */
public final class CloudException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int CONTENT_TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;

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

    /** Whether the same request will always be refused: malformed, or too large. */
    boolean isForGood() {
        return status == BAD_REQUEST || status == CONTENT_TOO_LARGE;
    }

    /** Whether the cloud understood the request and says no. */
    public boolean isRefusal() {
        return status / 100 == BAD_REQUEST / 100 && status != REQUEST_TIMEOUT && status != TOO_MANY_REQUESTS;
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
