package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.CoapsException;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Observation;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One gateway's resources as calls; safe for use by many threads. What fails for a passing reason is repeated, the same
 * bytes again; an answer that refuses for good is a {@link DeviceException}. Nothing that comes back is proved yet.
 */
final class GatewayLink implements AutoCloseable {
    private static final int BAD_CERTIFICATE = 42;
    private static final Problem UNEXPLAINED = new Problem("unexplained", "");

    private final CoapsClient client;
    private final Patience patience;
    private final BestEffort bestEffort;
    private final boolean insists;
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private volatile Runnable onRecovery = () -> {};
    private volatile OtherKey otherKey = () -> Optional.empty();

    private GatewayLink(CoapsClient client, Means means, boolean insists) {
        this.client = client;
        this.patience = means.patience();
        this.bestEffort = new BestEffort(
                client, means.settings().clock(), means.settings().options().ackTimeout());
        this.insists = insists;
    }

    /** A link that repeats what failed for a passing reason. */
    static GatewayLink insisting(CoapsClient client, Means means) {
        return new GatewayLink(client, means, true);
    }

    /** A link that tries each request once, for a caller that begins anew when one fails. */
    static GatewayLink oneTry(CoapsClient client, Means means) {
        return new GatewayLink(client, means, false);
    }

    /**
     * Says what to do when the gateway answers again after a request that it did not answer: it may be another process
     * by then, which knows of no observation. Called on the network's threads.
     */
    void onRecovery(Runnable task) {
        onRecovery = task;
    }

    /** What to do about a gateway that shows another key than the one it had when the connection was made. */
    @FunctionalInterface
    interface OtherKey {
        /** Empty when it shows the key it had; else done when the other one is proved, and fails when it is not. */
        Optional<CompletableFuture<Void>> settled();
    }

    /** Says what to do when the gateway, in a later handshake, shows another key; it is told nothing before that. */
    void onOtherKey(OtherKey judge) {
        otherKey = judge;
    }

    /** Connects, by asking the gateway for the time; does not insist once {@code givenUp} is true. */
    CompletableFuture<Void> greet(BooleanSupplier givenUp) {
        return patience.attempt(() -> once(ClientRequest.get("/p"))
                .handle((done, failure) -> Failures.wrapped(() -> {
                    Throwable cause = Failures.cause(failure);
                    if (cause instanceof Patience.Passing && givenUp.getAsBoolean()) {
                        throw new DeviceException(DeviceException.Kind.UNPROVED, "the server shows another key", cause);
                    }
                    if (cause instanceof Exception && !isProvisionalRefused(cause)) {
                        throw (Exception) cause;
                    }
                    return null;
                })));
    }

    /** The only answer to who was a provisional member, but for the question why. */
    private static boolean isProvisionalRefused(Throwable failure) {
        return failure instanceof DeviceException
                && ((DeviceException) failure).problemCode().equals(Optional.of(ProvisionalOutcome.REFUSED));
    }

    /**
     * Hands over a sealed message.
     *
     * @return true when the gateway says that it has it on disk; false only with {@link Delivery#BEST_EFFORT}, when it
     *     said nothing
     */
    CompletableFuture<Boolean> message(int contentFormat, Bytes message, Delivery delivery) {
        return message(ClientRequest.post("/m", contentFormat, message), delivery);
    }

    /**
     * Hands over a reading of a session that the gateway may not know, or know another instead that begins alike.
     *
     * @return as {@link #message}
     */
    CompletableFuture<Boolean> reading(Digest session, Bytes message, Delivery delivery) {
        ClientRequest request = ClientRequest.post("/m", ContentFormat.COSE_ENCRYPT0, message);
        return message(request.withQuery("s", session.toHex()), delivery);
    }

    private CompletableFuture<Boolean> message(ClientRequest request, Delivery delivery) {
        return delivery == Delivery.CONFIRMED || bestEffort.mustConfirm()
                ? body(request).thenApply(empty -> true)
                : proving(() -> bestEffort.send(request), () -> bestEffort.send(request));
    }

    /** Where a request failed for the gateway's new key, goes on once that is proved. */
    private <T> CompletableFuture<T> proving(
            Supplier<CompletableFuture<T>> request, Supplier<CompletableFuture<T>> afterwards) {
        return request.get()
                .handle((value, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(value);
                    }
                    return otherKey.settled()
                            .map(settled -> settled.thenCompose(proved -> afterwards.get()))
                            .orElseGet(() -> CompletableFuture.failedFuture(Failures.cause(failure)));
                })
                .thenCompose(outcome -> outcome);
    }

    /** Hands over what this device signs about its readings; done when the gateway has it on disk. */
    CompletableFuture<Void> digest(Bytes digest) {
        return body(ClientRequest.post("/m/d", ContentFormat.COSE_SIGN1, digest))
                .thenApply(empty -> null);
    }

    CompletableFuture<Void> serve(Bytes ticket) {
        return body(ClientRequest.post("/s", ContentFormat.COSE_SIGN1, ticket)).thenApply(empty -> null);
    }

    CompletableFuture<List<InboxEntry>> inbox(long after) {
        return body(ClientRequest.get("/i").withQuery("c", after))
                .thenApply(body -> Failures.wrapped(() -> entries(body)));
    }

    static List<InboxEntry> entries(Bytes body) throws DeviceException {
        try {
            return InboxEntry.decodeSequence(body);
        } catch (MalformedMessageException e) {
            throw Failures.unproved("the inbox is not readable", e);
        }
    }

    CompletableFuture<Void> acknowledge(long upTo) {
        return body(ClientRequest.delete("/i").withQuery("u", upTo)).thenApply(empty -> null);
    }

    Observation observeInbox(long after, Consumer<CoapResponse> onNext, Consumer<Throwable> onError) {
        return observe(ClientRequest.get("/i").withQuery("c", after), onNext, onError);
    }

    CompletableFuture<Bytes> body(ClientRequest request) {
        return attempt(() -> once(request));
    }

    /** The whole answer, where its format says what it is. */
    CompletableFuture<CoapResponse> answer(ClientRequest request) {
        return attempt(() -> whole(request));
    }

    Observation observe(ClientRequest request, Consumer<CoapResponse> onNext, Consumer<Throwable> onError) {
        return client.observe(
                request,
                onNext,
                failure -> otherKey.settled()
                        .orElseGet(() -> CompletableFuture.completedFuture(null))
                        .whenComplete((proved, unproved) -> onError.accept(failure)));
    }

    /** Reads a body; may ask to come again. */
    interface Reader {
        Bytes read(Bytes body) throws Patience.Passing;
    }

    CompletableFuture<Bytes> body(ClientRequest request, Reader reader) {
        return attempt(() -> once(request).thenApply(body -> Failures.wrapped(() -> reader.read(body))));
    }

    private <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> task) {
        return insists ? patience.attempt(task) : task.get();
    }

    private CompletableFuture<Bytes> once(ClientRequest request) {
        return whole(request).thenApply(CoapResponse::payload);
    }

    private CompletableFuture<CoapResponse> whole(ClientRequest request) {
        return proving(() -> asked(request), () -> CompletableFuture.failedFuture(again()));
    }

    private static Patience.Passing again() {
        return new Patience.Passing("the gateway has a new key", Duration.ZERO, null);
    }

    private CompletableFuture<CoapResponse> asked(ClientRequest request) {
        return client.send(request)
                .handle((response, failure) -> Failures.wrapped(() -> {
                    if (failure != null) {
                        interrupted.set(true);
                        throw judged(Failures.cause(failure));
                    }
                    bestEffort.answered();
                    if (interrupted.compareAndSet(true, false)) {
                        onRecovery.run();
                    }
                    try {
                        bodyOf(response);
                        return response;
                    } catch (Patience.Passing e) {
                        bestEffort.quiet(e);
                        throw e;
                    }
                }));
    }

    /** The body of a success; otherwise what to do about it. */
    static Bytes bodyOf(CoapResponse response) throws DeviceException, Patience.Passing {
        Code code = response.code();
        if (code.isSuccess()) {
            return response.payload();
        }
        boolean passing =
                code.clazz() == 5 || code.equals(Code.TOO_MANY_REQUESTS) || code.equals(Code.ENTITY_INCOMPLETE);
        if (passing) {
            throw new Patience.Passing(problem(response), notBefore(response.maxAgeSeconds()));
        }
        throw DeviceException.refused(problem(response));
    }

    private static Duration notBefore(OptionalLong maxAgeSeconds) {
        return Duration.ofSeconds(maxAgeSeconds.orElse(0));
    }

    static Problem problem(CoapResponse response) {
        try {
            return Problem.decode(response.payload());
        } catch (MalformedMessageException e) {
            return UNEXPLAINED;
        }
    }

    static Exception judged(Throwable failure) {
        if (!(failure instanceof CoapsException)) {
            return new DeviceException(DeviceException.Kind.UNREACHABLE, "the request could not be sent", failure);
        }
        CoapsException coaps = (CoapsException) failure;
        return switch (coaps.reason()) {
            case CLOSED -> new DeviceException(DeviceException.Kind.CLOSED, "the device was closed", coaps);
            case TOO_LARGE -> new DeviceException(DeviceException.Kind.UNPROVED, "an answer too large", coaps);
            case HANDSHAKE_FAILED ->
                coaps.alert().orElse(0) == BAD_CERTIFICATE
                        ? new DeviceException(
                                DeviceException.Kind.NOT_ACTIVE, "the gateway does not know this device's key", coaps)
                        : new Patience.Passing("the handshake failed", Duration.ZERO, coaps);
            case OTHER_SERVER_KEY -> new Patience.Passing("the gateway shows another key", Duration.ZERO, coaps);
            default -> new Patience.Passing("the gateway does not answer", Duration.ZERO, coaps);
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
