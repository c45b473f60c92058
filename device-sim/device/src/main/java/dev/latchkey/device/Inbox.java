package dev.latchkey.device;

import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsException;
import dev.latchkey.coap.Observation;
import dev.latchkey.device.InboxEntryReader.Outcome;
import dev.latchkey.protocol.InboxEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The device's inbox at its gateway: observed, read page by page, opened, put on disk, delivered, acknowledged, in this
 * order; what is delivered is acknowledged while the next page is read. Used from the device's lane.
 *
 * <p>The place in the inbox is not kept over a restart: what was delivered but not acknowledged comes again, and the
 * sessions' sets of seen readings drop it without a word. So a gateway that counts anew after a loss of its own loses nothing here.
 */
final class Inbox {
    /** Tries for an entry that could not be judged, before it is dropped so that others get through. */
    private static final int MAX_TRIES = 5;

    private final GatewayLink link;
    private final InboxEntryReader reader;
    private final ReceivedSessions sessions;
    private final Reception reception;
    private final DeviceSettings settings;
    private final DeviceThreads threads;
    private final Patience patience;
    private final Lane lane;

    /** Up to where everything is delivered. */
    private long cursor;

    /** Up to where the gateway has answered that it dropped it. */
    private long acknowledged;

    private boolean acknowledging;
    private boolean reading;
    private boolean again;
    private boolean closed;
    private int failures;
    private Duration nextPause;
    private Optional<Observation> observation = Optional.empty();

    Inbox(Reception reception, GatewayLink link, InboxEntryReader reader, ReceivedSessions sessions, Means means) {
        this.reception = reception;
        this.link = link;
        this.reader = reader;
        this.sessions = sessions;
        this.settings = means.settings();
        this.threads = means.threads();
        this.patience = means.patience();
        this.lane = means.lane();
        answered();
    }

    void start() {
        link.onRecovery(() -> lane.execute(this::observeAnew));
        observe();
        pollLater();
    }

    private void observeAnew() {
        if (!closed) {
            observation.ifPresent(Observation::cancel);
            observe();
        }
    }

    private void observe() {
        if (closed) {
            return;
        }
        observation = Optional.of(link.observeInbox(
                cursor,
                response -> lane.execute(() -> notified(response)),
                failure -> lane.execute(() -> lost(failure))));
    }

    private void lost(Throwable failure) {
        observation = Optional.empty();
        tellIfShutOut(GatewayLink.judged(Failures.cause(failure)));
        threads.after(pause())
                .thenRunAsync(
                        () -> {
                            if (observation.isEmpty()) {
                                observe();
                            }
                        },
                        lane);
    }

    private void tellIfShutOut(Throwable failure) {
        if (!closed
                && failure instanceof DeviceException
                && ((DeviceException) failure).kind() == DeviceException.Kind.NOT_ACTIVE) {
            deliver(() -> reception.listener().shutOut((DeviceException) failure));
        }
    }

    /** Longer with each failure: who was put out, or whose gateway is away, must not come back every second for ever. */
    private Duration pause() {
        Duration pause = nextPause;
        Duration doubled = pause.multipliedBy(2);
        nextPause = doubled.compareTo(settings.longestWait()) > 0 ? settings.longestWait() : doubled;
        return patience.wait(pause, Optional.empty());
    }

    private void answered() {
        nextPause = settings.firstWait().multipliedBy(2);
    }

    /** In case that a notification was lost: to observe anew reads the inbox and renews the gateway's memory of us. */
    private void pollLater() {
        threads.after(settings.inboxPoll())
                .thenRunAsync(
                        () -> {
                            if (!closed) {
                                observeAnew();
                                pollLater();
                            }
                        },
                        lane);
    }

    private void notified(CoapResponse response) {
        if (closed) {
            return;
        }
        if (reading || !response.code().isSuccess()) {
            wake();
            return;
        }
        answered();
        try {
            List<InboxEntry> page = GatewayLink.entries(response.payload());
            if (!page.isEmpty()) {
                begin(CompletableFuture.completedFuture(page));
            }
        } catch (DeviceException e) {
            wake();
        }
    }

    /** Reads the inbox until it is empty; when that is under way already, once more afterwards. */
    private void wake() {
        if (closed) {
            return;
        }
        if (reading) {
            again = true;
            return;
        }
        if (reception.wanted() > 0) {
            begin(link.inbox(cursor));
        }
    }

    private void begin(CompletableFuture<List<InboxEntry>> page) {
        reading = true;
        page.thenComposeAsync(this::page, lane)
                .whenCompleteAsync(
                        (more, failure) -> {
                            reading = false;
                            if (failure != null) {
                                tellIfShutOut(Failures.cause(failure));
                                threads.after(pause()).thenRunAsync(this::wake, lane);
                                return;
                            }
                            answered();
                            if (more || again) {
                                again = false;
                                wake();
                            }
                        },
                        lane);
    }

    /** Works off one page; answers whether there may be more. */
    private CompletableFuture<Boolean> page(List<InboxEntry> entries) {
        List<InboxEntry> fresh =
                entries.stream().filter(entry -> entry.u() > cursor).toList();
        if (fresh.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        List<Outcome> outcomes = new ArrayList<>();
        CompletableFuture<Void> read = CompletableFuture.completedFuture(null);
        for (InboxEntry entry : fresh) {
            read = read.thenComposeAsync(
                    before -> packs(outcomes) < reception.wanted()
                            ? read(entry, outcomes)
                            : CompletableFuture.completedFuture(null),
                    lane);
        }
        return read.handleAsync((done, failure) -> Failures.wrapped(() -> finish(fresh, outcomes, failure)), lane)
                .thenApplyAsync(
                        upTo -> {
                            acknowledge();
                            return reception.wanted() > 0;
                        },
                        lane);
    }

    /**
     * Tells the gateway what has arrived, while the next page is read already. One acknowledgement is on its way at a time;
     * the one after it covers everything that has been delivered meanwhile.
     */
    private void acknowledge() {
        if (closed || acknowledging || acknowledged == cursor) {
            return;
        }
        acknowledging = true;
        long upTo = cursor;
        link.acknowledge(upTo)
                .whenCompleteAsync(
                        (answered, failure) -> {
                            acknowledging = false;
                            if (failure != null) {
                                threads.after(pause()).thenRunAsync(this::acknowledge, lane);
                                return;
                            }
                            acknowledged = upTo;
                            if (reception.wanted() == 0 && acknowledged == cursor && !closed) {
                                end();
                            }
                            acknowledge();
                        },
                        lane);
    }

    private static long packs(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> outcome.received().isPresent())
                .count();
    }

    private CompletableFuture<Void> read(InboxEntry entry, List<Outcome> outcomes) {
        return reader.read(entry)
                .exceptionallyCompose(failure -> {
                    // The next page begins with this entry again. A disk of ours that fails, or a gateway that does not
                    // answer, costs nobody his message: no other would get through either.
                    return isOwn(failure) || isSilence(failure) || ++failures < MAX_TRIES
                            ? CompletableFuture.failedFuture(failure)
                            : CompletableFuture.completedFuture(InboxEntryReader.dropped(entry, "not-judged"));
                })
                .thenAcceptAsync(
                        outcome -> {
                            failures = 0;
                            outcomes.add(outcome);
                        },
                        lane);
    }

    private static boolean isOwn(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof DeviceException && ((DeviceException) cause).kind() == DeviceException.Kind.STORE;
    }

    private static boolean isSilence(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof DeviceException
                && ((DeviceException) cause).kind() == DeviceException.Kind.UNREACHABLE
                && cause.getCause() instanceof CoapsException;
    }

    /** On disk, then delivered; answers up to where it may be acknowledged. */
    private long finish(List<InboxEntry> entries, List<Outcome> outcomes, Throwable failure) throws DeviceException {
        if (closed) {
            // The listener may be gone: what is not noted as delivered comes again.
            throw new DeviceException(DeviceException.Kind.CLOSED, "the device was closed");
        }
        Set<Digest> notKept = sessions.keep();
        List<Outcome> kept =
                outcomes.stream().filter(outcome -> !outcome.isOf(notKept)).toList();
        reception.delivered(packs(kept));
        kept.forEach(outcome -> deliver(() -> tell(outcome)));
        if (!notKept.isEmpty()) {
            // The page comes again: what was delivered is seen by then, the rest is not.
            throw new DeviceException(DeviceException.Kind.STORE, "what was opened could not be kept");
        }
        if (!outcomes.isEmpty()) {
            cursor = entries.get(outcomes.size() - 1).u();
        } else if (failure != null) {
            throw new DeviceException(
                    DeviceException.Kind.UNREACHABLE, "the inbox could not be read", Failures.cause(failure));
        }
        return cursor;
    }

    private void tell(Outcome outcome) {
        outcome.received().ifPresent(reception.listener()::received);
        outcome.unopened().ifPresent(reception.listener()::unopened);
        outcome.returned().ifPresent(reception.listener()::returned);
        outcome.reports().forEach(reception.listener()::digest);
    }

    /** A listener that fails fails by itself: what else arrived is delivered, and its exception ends its own task. */
    private void deliver(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            lane.execute(() -> {
                throw e;
            });
        }
    }

    /** Stops reading. What is not noted as delivered comes again, to the inbox after this one. */
    void stop() {
        closed = true;
        observation.ifPresent(Observation::cancel);
    }

    private void end() {
        stop();
        reception.end();
    }
}
