package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.ChainId;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Checks serve tickets and keeps the good ones; safe for use by many threads, blocks none. */
public final class TicketDesk {
    private final Function<ChainId, String> gateway;
    private final TicketBook book;
    private final Store store;
    private final EcVerifier verifier;
    private final Executor workers;
    private final Clock clock;

    /**
     * Makes a desk.
     *
     * @param gateway this gateway's name on a chain, empty as long as it has none
     */
    public TicketDesk(
            Function<ChainId, String> gateway,
            TicketBook book,
            Store store,
            EcVerifier verifier,
            Executor workers,
            Clock clock) {
        this.gateway = gateway;
        this.book = book;
        this.store = store;
        this.verifier = verifier;
        this.workers = workers;
        this.clock = clock;
    }

    /** Takes a member's ticket; empty when it is on disk, otherwise why not. */
    public CompletionStage<Optional<Refusal>> take(MemberHandle member, Bytes encoded) {
        return CompletableFuture.supplyAsync(() -> check(member, encoded), workers)
                .thenCompose(checked -> checked);
    }

    private CompletionStage<Optional<Refusal>> check(MemberHandle member, Bytes encoded) {
        ServeTicket ticket;
        try {
            ticket = ServeTicket.decode(encoded);
        } catch (MalformedMessageException e) {
            return refused(Refusal.MALFORMED);
        }
        if (!ticket.chain().equals(member.chain())) {
            return refused(Refusal.WRONG_CHAIN);
        }
        if (!ticket.member().equals(member.name())) {
            return refused(Refusal.WRONG_SENDER);
        }
        if (!ticket.gateway().equals(gateway.apply(member.chain())) || !ticket.isGoodAt(clock.instant())) {
            return refused(Refusal.BAD_TICKET);
        }
        CoseKey signer = member.record().keys().sig();
        if (!ticket.signedBy(signer, verifier)) {
            return refused(Refusal.BAD_SIGNATURE);
        }
        return store.submit(draft -> {
            book.keep(draft, member, encoded, ticket.notAfter().toEpochMilli(), signer.kid());
            return Optional.empty();
        });
    }

    private static CompletionStage<Optional<Refusal>> refused(Refusal reason) {
        return CompletableFuture.completedFuture(Optional.of(reason));
    }
}
