package dev.latchkey.device;

import dev.latchkey.cose.Signer;
import dev.latchkey.protocol.ServeTicket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The device's word that its gateway may read its mailbox and upload its messages: given at once after connecting,
 * renewed before it runs out, given again when the gateway has lost it. Used from the device's lane.
 */
final class ServeTickets {
    private static final String NO_TICKET = "no-ticket";

    /** A ticket is renewed when less than this is left of it. */
    private static final Duration RENEW_BEFORE = Duration.ofDays(2);

    private final Membership self;
    private final Signer sig;
    private final GatewayLink link;
    private final Clock clock;
    private final Lane lane;
    private final boolean provisional;
    private Optional<Instant> notAfter = Optional.empty();

    /** @param provisional whether the gateway takes no ticket yet, and asks for one when it does */
    ServeTickets(Membership self, Signer sig, GatewayLink link, Clock clock, Lane lane, boolean provisional) {
        this.self = self;
        this.sig = sig;
        this.link = link;
        this.clock = clock;
        this.lane = lane;
        this.provisional = provisional;
    }

    /** Gives a new ticket, good for as long as one may be. */
    CompletableFuture<Void> give() {
        Instant until = clock.instant().plus(ServeTicket.MAX_LIFE);
        ServeTicket ticket = ServeTicket.issue(self.chain(), self.name(), self.gatewayName(), until, sig);
        return link.serve(ticket.encode()).thenAcceptAsync(taken -> notAfter = Optional.of(until), lane);
    }

    /** A new ticket if the old one runs out soon. */
    CompletableFuture<Void> renew() {
        boolean good = provisional
                || notAfter.filter(until -> clock.instant().plus(RENEW_BEFORE).isBefore(until))
                        .isPresent();
        return good ? CompletableFuture.completedFuture(null) : give();
    }

    /** Tries once more with a new ticket if the gateway says that it has none. */
    <T> CompletableFuture<T> backed(Supplier<CompletableFuture<T>> task) {
        return renew().thenComposeAsync(good -> task.get(), lane)
                .handleAsync(
                        (done, failure) -> {
                            if (failure == null) {
                                return CompletableFuture.completedFuture(done);
                            }
                            return isNoTicket(failure)
                                    ? give().thenComposeAsync(given -> task.get(), lane)
                                    : CompletableFuture.<T>failedFuture(Failures.cause(failure));
                        },
                        lane)
                .thenCompose(outcome -> outcome);
    }

    private static boolean isNoTicket(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        return cause instanceof DeviceException
                && ((DeviceException) cause).problemCode().equals(Optional.of(NO_TICKET));
    }
}
