package dev.latchkey.coap;

import dev.latchkey.protocol.Problem;
import java.util.List;

/** What the adapter answers by itself, each with its concise problem details (RFC 9290). */
final class Refusals {
    static final CoapResponse MALFORMED = refusal(Code.BAD_REQUEST, "malformed", "the request is malformed");
    static final CoapResponse UNAUTHORIZED = refusal(Code.UNAUTHORIZED, "unauthorized", "the peer is not known");
    static final CoapResponse BAD_OPTION =
            refusal(Code.BAD_OPTION, "bad-option", "an option is malformed or not supported");
    static final CoapResponse NOT_FOUND = refusal(Code.NOT_FOUND, "not-found", "no such resource");
    static final CoapResponse METHOD_NOT_ALLOWED =
            refusal(Code.METHOD_NOT_ALLOWED, "method-not-allowed", "the resource has no such method");
    static final CoapResponse NOT_ACCEPTABLE =
            refusal(Code.NOT_ACCEPTABLE, "not-acceptable", "only link-format is served here");
    static final CoapResponse INCOMPLETE =
            refusal(Code.ENTITY_INCOMPLETE, "incomplete", "a block of the body is missing");
    static final CoapResponse TOO_LARGE = refusal(Code.ENTITY_TOO_LARGE, "too-large", "the body is too large");
    static final CoapResponse NO_PROXY =
            refusal(Code.PROXYING_NOT_SUPPORTED, "no-proxy", "this server forwards nothing");
    static final CoapResponse INTERNAL = refusal(Code.INTERNAL_SERVER_ERROR, "internal", "");

    /** The longest a peer is told to wait: its bucket and the server's queue are empty again by then. */
    static final long COME_BACK_SECONDS = 5;

    static final CoapResponse TOO_MANY_REQUESTS = refusal(
                    Code.TOO_MANY_REQUESTS, "overloaded", "this peer sends too many requests")
            .withMaxAge(COME_BACK_SECONDS);
    static final CoapResponse OVERLOADED = refusal(
                    Code.SERVICE_UNAVAILABLE, "overloaded", "too many requests are waiting")
            .withMaxAge(COME_BACK_SECONDS);

    /** Soon the next server is there. */
    private static final long RESTART_SECONDS = 2;

    static final CoapResponse STOPPING =
            refusal(Code.SERVICE_UNAVAILABLE, "stopping", "the server stops").withMaxAge(RESTART_SECONDS);

    private static final List<CoapResponse> ALL = List.of(
            MALFORMED,
            UNAUTHORIZED,
            BAD_OPTION,
            NOT_FOUND,
            METHOD_NOT_ALLOWED,
            NOT_ACCEPTABLE,
            INCOMPLETE,
            TOO_LARGE,
            NO_PROXY,
            INTERNAL,
            TOO_MANY_REQUESTS,
            OVERLOADED,
            STOPPING);

    private Refusals() {}

    /** All of them; the body of each is a problem. */
    static List<CoapResponse> all() {
        return ALL;
    }

    /** The body for an error that Californium itself answers with. */
    static CoapResponse of(Code code) {
        if (code.equals(Code.BAD_REQUEST)) {
            return MALFORMED;
        } else if (code.equals(Code.METHOD_NOT_ALLOWED)) {
            return METHOD_NOT_ALLOWED;
        } else if (code.equals(Code.ENTITY_INCOMPLETE)) {
            return INCOMPLETE;
        } else if (code.equals(Code.ENTITY_TOO_LARGE)) {
            return TOO_LARGE;
        } else if (code.clazz() == 4) {
            return BAD_OPTION;
        }
        return INTERNAL;
    }

    private static CoapResponse refusal(Code code, String name, String detail) {
        return CoapResponse.problem(code, new Problem(name, detail));
    }
}
