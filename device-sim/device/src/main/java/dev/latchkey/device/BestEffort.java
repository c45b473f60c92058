package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.CoapsException;
import dev.latchkey.protocol.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests that may get lost: each is sent once as NON (RFC 7252, section 4.3). Safe for use by many threads. Nothing is
 * sent while the gateway has asked for quiet, and after some that were not answered the next one has to be confirmed: else
 * a device would send for ever to a gateway that knows its connection no more (RFC 7252, section 4.7).
 */
final class BestEffort {
    /** Unanswered requests in a row after which one must be confirmed. */
    private static final int MAX_UNANSWERED = 3;

    /** A gateway that asks for more than that is not believed. */
    private static final Duration LONGEST_QUIET = Duration.ofMinutes(15);

    private final CoapsClient client;
    private final Clock clock;
    private final Duration wait;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile Quiet quiet = new Quiet(Instant.MIN, new Problem("none", ""));

    /** What the gateway asked for. */
    private record Quiet(Instant until, Problem why) {}

    /** @param wait how long an answer is waited for */
    BestEffort(CoapsClient client, Clock clock, Duration wait) {
        this.client = client;
        this.clock = clock;
        this.wait = wait;
    }

    /** Whether the next request should be sent as CON. */
    boolean mustConfirm() {
        return unanswered.get() >= MAX_UNANSWERED;
    }

    /** The gateway asked to come again, but not so soon. */
    void quiet(Patience.Passing asked) {
        Duration wanted = asked.notBefore().compareTo(LONGEST_QUIET) < 0 ? asked.notBefore() : LONGEST_QUIET;
        asked.problem().ifPresent(why -> quiet = new Quiet(clock.instant().plus(wanted), why));
    }

    /** The gateway answered. */
    void answered() {
        unanswered.set(0);
    }

    /**
     * Sends a request once.
     *
     * @return true when the gateway answered that it has done it, false when there was no answer. Fails with {@link
     *     DeviceException} when the gateway refused, or asks to come again; then with {@link
     *     DeviceException.Kind#UNREACHABLE}, without sending, for as long as it asked
     */
    CompletableFuture<Boolean> send(ClientRequest request) {
        Quiet asked = quiet;
        if (clock.instant().isBefore(asked.until())) {
            return CompletableFuture.failedFuture(DeviceException.notYet(Patience.Passing.ASKED, asked.why()));
        }
        return client.send(request.nonConfirmable())
                .orTimeout(wait.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> Failures.wrapped(() -> {
                    if (failure != null) {
                        return unanswered(Failures.cause(failure));
                    }
                    answered();
                    return isDone(() -> GatewayLink.bodyOf(response));
                }));
    }

    private boolean isDone(Failures.Work<Bytes> answer) throws Exception {
        try {
            answer.run();
            return true;
        } catch (Patience.Passing e) {
            quiet(e);
            throw e.givenUp();
        }
    }

    private boolean unanswered(Throwable failure) throws Exception {
        boolean silent = failure instanceof TimeoutException
                || (failure instanceof CoapsException coaps && coaps.reason() == CoapsException.Reason.TIMED_OUT);
        unanswered.incrementAndGet();
        if (silent) {
            return false;
        }
        Exception judged = GatewayLink.judged(failure);
        throw judged instanceof Patience.Passing passing ? passing.givenUp() : judged;
    }
}
