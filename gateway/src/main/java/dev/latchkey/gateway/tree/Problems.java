package dev.latchkey.gateway.tree;

import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.store.StoreBusy;
import dev.latchkey.gateway.store.StoreFault;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.MemberState;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** The one table from a refusal's code to the response that carries it. */
public final class Problems {
    /** When to come again after the cloud was away, in seconds. */
    private static final long CLOUD_AWAY_SECONDS = 10;

    /** When to come again after an overload, in seconds. */
    private static final long OVERLOADED_SECONDS = 2;

    /** When to come again while the gateway is drained, in seconds: it is about to be stopped or moved. */
    private static final long DRAINING_SECONDS = 60;

    /** When to come again after the disk failed, in seconds: somebody has to look at it. */
    private static final long STORE_FAILED_SECONDS = 60;

    /** When to come again after the policy's transactions of this hour are used up, in seconds. */
    private static final long NEXT_HOUR_SECONDS = 3_600;

    private static final Map<String, Code> CODES = Map.ofEntries(
            Map.entry("malformed", Code.BAD_REQUEST),
            Map.entry("bad-name", Code.BAD_REQUEST),
            Map.entry("wrong-chain", Code.BAD_REQUEST),
            Map.entry("voucher-chain", Code.BAD_REQUEST),
            Map.entry("unwanted-signature", Code.BAD_REQUEST),
            Map.entry("self-addressed", Code.BAD_REQUEST),
            Map.entry("not-a-member", Code.FORBIDDEN),
            Map.entry("key-rotated", Code.FORBIDDEN),
            Map.entry("left", Code.FORBIDDEN),
            Map.entry("suspended", Code.FORBIDDEN),
            Map.entry("revoked", Code.FORBIDDEN),
            Map.entry("moving", Code.FORBIDDEN),
            Map.entry("not-allowed", Code.FORBIDDEN),
            Map.entry("wrong-sender", Code.FORBIDDEN),
            Map.entry("bad-signature", Code.FORBIDDEN),
            Map.entry("missing-signature", Code.FORBIDDEN),
            Map.entry("no-ticket", Code.FORBIDDEN),
            Map.entry("not-served-here", Code.FORBIDDEN),
            Map.entry("provisional-refused", Code.FORBIDDEN),
            Map.entry("provisional-expired", Code.FORBIDDEN),
            Map.entry("bad-ticket", Code.FORBIDDEN),
            Map.entry("voucher-signature", Code.FORBIDDEN),
            Map.entry("voucher-expired", Code.FORBIDDEN),
            Map.entry("voucher-used-up", Code.FORBIDDEN),
            Map.entry("voucher-scope", Code.FORBIDDEN),
            Map.entry("voucher-key", Code.FORBIDDEN),
            Map.entry("next-key", Code.FORBIDDEN),
            Map.entry("batch-chain", Code.BAD_REQUEST),
            Map.entry("batch-signature", Code.FORBIDDEN),
            Map.entry("batch-expired", Code.FORBIDDEN),
            Map.entry("batch-path", Code.FORBIDDEN),
            Map.entry("batch-scope", Code.FORBIDDEN),
            Map.entry("not-sibling", Code.FORBIDDEN),
            Map.entry("not-ordered-here", Code.FORBIDDEN),
            Map.entry("bad-proof", Code.FORBIDDEN),
            Map.entry("stale-proof", Code.FORBIDDEN),
            Map.entry("tombstone", Code.FORBIDDEN),
            Map.entry("not-replica", Code.FORBIDDEN),
            Map.entry("deadline", Code.CONFLICT),
            Map.entry("not-signed", Code.FORBIDDEN),
            Map.entry("not-a-witness", Code.FORBIDDEN),
            Map.entry("unknown-name", Code.NOT_FOUND),
            Map.entry("unknown-connection", Code.NOT_FOUND),
            Map.entry("unknown-chain", Code.NOT_FOUND),
            Map.entry("unknown-height", Code.NOT_FOUND),
            Map.entry("unknown-member", Code.NOT_FOUND),
            Map.entry("unknown-recipient", Code.NOT_FOUND),
            Map.entry("unknown-session", Code.NOT_FOUND),
            Map.entry("unknown-transaction", Code.NOT_FOUND),
            Map.entry("stale-height", Code.NOT_FOUND),
            Map.entry("unknown-registration", Code.NOT_FOUND),
            Map.entry("not-acceptable", Code.NOT_ACCEPTABLE),
            Map.entry("other-height", Code.CONFLICT),
            Map.entry("inconsistent", Code.UNPROCESSABLE_ENTITY),
            Map.entry("name-taken", Code.CONFLICT),
            Map.entry("bad-sequence", Code.CONFLICT),
            Map.entry("key-reused", Code.CONFLICT),
            Map.entry("session-ended", Code.CONFLICT),
            Map.entry("session-id-taken", Code.CONFLICT),
            Map.entry("counter-reused", Code.CONFLICT),
            Map.entry("recovery", Code.CONFLICT),
            Map.entry("bad-policy", Code.BAD_REQUEST),
            Map.entry("bad-cut", Code.BAD_REQUEST),
            Map.entry("too-many", Code.TOO_MANY_REQUESTS),
            Map.entry("too-large", Code.ENTITY_TOO_LARGE),
            Map.entry("unsupported-format", Code.UNSUPPORTED_CONTENT_FORMAT),
            Map.entry("cloud-fault", Code.BAD_GATEWAY),
            Map.entry("cloud-away", Code.SERVICE_UNAVAILABLE),
            Map.entry("block-full", Code.SERVICE_UNAVAILABLE),
            Map.entry("stale-work", Code.SERVICE_UNAVAILABLE),
            Map.entry("not-ready", Code.SERVICE_UNAVAILABLE),
            Map.entry("draining", Code.SERVICE_UNAVAILABLE),
            Map.entry("job-running", Code.CONFLICT),
            Map.entry("job-over", Code.CONFLICT),
            Map.entry("not-configured", Code.CONFLICT),
            Map.entry("unknown-job", Code.NOT_FOUND),
            Map.entry("unknown-setting", Code.NOT_FOUND),
            Map.entry("changed-meanwhile", Code.PRECONDITION_FAILED),
            Map.entry("not-changeable", Code.CONFLICT),
            Map.entry("bad-setting", Code.UNPROCESSABLE_ENTITY),
            Map.entry("overloaded", Code.SERVICE_UNAVAILABLE),
            Map.entry("store-failed", Code.SERVICE_UNAVAILABLE));

    private Problems() {}

    /** The whole table; coap's own refusals ({@code CoapsServer.refusals()}) come on top. */
    public static Map<String, Code> codes() {
        return CODES;
    }

    /** The response for a refusal; a code that this table does not know is 4.00. */
    public static CoapResponse of(String code) {
        return of(code, "");
    }

    /** The response for a refusal with a sentence for people. */
    public static CoapResponse of(String code, String detail) {
        Code responseCode = CODES.getOrDefault(code, Code.BAD_REQUEST);
        CoapResponse response = CoapResponse.problem(responseCode, new Problem(code, detail));
        boolean later = responseCode.equals(Code.SERVICE_UNAVAILABLE) || responseCode.equals(Code.TOO_MANY_REQUESTS);
        return later ? response.withMaxAge(secondsToWait(code)) : response;
    }

    /** Why a member's connection ends: what its newest record says, or that it holds another key. */
    public static CoapResponse ofEnding(MemberHandle ending) {
        MemberState state = ending.newest().state();
        if (state instanceof MemberState.Active) {
            return of("key-rotated");
        }
        if (state instanceof MemberState.Left) {
            return of("left");
        }
        if (state instanceof MemberState.Suspended) {
            return of("suspended");
        }
        return of(state instanceof MemberState.Revoked ? "revoked" : "moving");
    }

    /** The response for work that failed: the store is busy or broken, or something nobody expected. */
    public static CoapResponse ofFailure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StoreBusy) {
            return of("overloaded");
        }
        if (cause instanceof StoreFault) {
            return of("store-failed");
        }
        throw cause instanceof RuntimeException unexpected ? unexpected : new IllegalStateException(cause);
    }

    private static long secondsToWait(String code) {
        return switch (code) {
            case "draining" -> DRAINING_SECONDS;
            case "store-failed" -> STORE_FAILED_SECONDS;
            case "cloud-away", "not-ready" -> CLOUD_AWAY_SECONDS;
            case "too-many" -> NEXT_HOUR_SECONDS;
            default -> OVERLOADED_SECONDS;
        };
    }
}
