package dev.latchkey.cloud.http;

/**
 * A request that gets a problem as its answer. An endpoint throws it, or completes its future with it; it carries no
 * stack trace, since it is not a fault of ours.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /**
     * A refusal.
     *
     * @param status the HTTP status, 400 to 599
     * @param code the problem's code, one word of a documented list
     * @param detail one sentence for people; static text
     */
    public Refusal(int status, String code, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** 400 malformed. */
    public static Refusal badRequest(String detail) {
        return new Refusal(400, "malformed", detail);
    }

    /** 403 forbidden. */
    public static Refusal forbidden(String detail) {
        return new Refusal(403, "forbidden", detail);
    }

    /** 404 with a code that says what was not found. */
    public static Refusal notFound(String code, String detail) {
        return new Refusal(404, code, detail);
    }

    /** 413 too-large. */
    public static Refusal tooLarge() {
        return new Refusal(413, "too-large", "the body is larger than this resource takes");
    }

    /** 503 overloaded; the client may try again after a second. */
    public static Refusal overloaded() {
        return new Refusal(503, "overloaded", "too much is waiting; try again later");
    }

    /** 503 not-ready: the log does not take entries now. */
    public static Refusal notReady() {
        return new Refusal(503, "not-ready", "the node does not take entries now; try again later");
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The problem's code. */
    public String code() {
        return code;
    }
}
