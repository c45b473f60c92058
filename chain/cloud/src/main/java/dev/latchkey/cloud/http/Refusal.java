package dev.latchkey.cloud.http;

import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;

/**
 * A request that gets a problem as its answer. An endpoint throws it, or completes its future with it; it carries no
 * stack trace, since it is not a fault of ours.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient Map<String, String> headers;

    /**
     * A refusal.
     *
     * @param status the HTTP status, 400 to 599
     * @param code the problem's code, one word of a documented list
     * @param detail one sentence for people; static text
     */
    public Refusal(int status, String code, String detail) {
        this(status, code, detail, Map.of());
    }

    private Refusal(int status, String code, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.headers = headers;
    }

    /** 405 method-not-allowed, with the methods that there are. */
    static Refusal otherMethods(Collection<String> allowed) {
        return new Refusal(
                405,
                "method-not-allowed",
                "this resource has no such method",
                Map.of("Allow", String.join(", ", new TreeSet<>(allowed))));
    }

    /** 429 too-many-requests, with the seconds after which one more passes. */
    static Refusal tooManyRequests(int seconds) {
        return new Refusal(
                429,
                "too-many-requests",
                "this client asks more often than the node allows",
                Map.of("Retry-After", Integer.toString(seconds)));
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

    /** 503 not-ready, and why. */
    public static Refusal notReady(String reason) {
        return new Refusal(503, "not-ready", reason);
    }

    /** The same with other headers. */
    public Refusal with(Map<String, String> others) {
        return new Refusal(status, code, getMessage(), others);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Headers that go with it. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The problem's code. */
    public String code() {
        return code;
    }
}
