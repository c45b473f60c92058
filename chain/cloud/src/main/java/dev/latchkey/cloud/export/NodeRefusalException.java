package dev.latchkey.cloud.export;

import dev.latchkey.protocol.Problem;
import java.io.IOException;

/** A node answered a request with a problem. */
public final class NodeRefusalException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    NodeRefusalException(int status, Problem problem) {
        super("the node refuses with " + status + ": " + problem.code()
                + (problem.detail().isEmpty() ? "" : ", " + problem.detail()));
        this.status = status;
        this.code = problem.code();
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The problem's code, as chain/cloud/README.md lists them. */
    public String code() {
        return code;
    }
}
