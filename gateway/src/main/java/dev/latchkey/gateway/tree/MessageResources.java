package dev.latchkey.gateway.tree;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.inbox.WaitingMessage;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.intake.Refusal;
import dev.latchkey.gateway.intake.TicketDesk;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.InboxEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** /m, /m/d, /i and /s: messages in, messages out, and the ticket by which this gateway serves a member. Stateless. */
final class MessageResources {
    /** What fits one block of an answer (RFC 7959). */
    private static final int ONE_BLOCK_BYTES = 1_024;

    private final Intake intake;
    private final TicketDesk tickets;
    private final Inbox inbox;
    private final Store store;
    private final Executor workers;
    private final AcknowledgementListener acknowledged;
    private final MessageTally tally;

    /**
     * Makes the resources.
     *
     * @param acknowledged told of each member that has read some of its inbox
     * @param tally told of each message that was taken or refused
     */
    MessageResources(
            Intake intake,
            TicketDesk tickets,
            Inbox inbox,
            Store store,
            Executor workers,
            AcknowledgementListener acknowledged,
            MessageTally tally) {
        this.intake = intake;
        this.tickets = tickets;
        this.inbox = inbox;
        this.store = store;
        this.workers = workers;
        this.acknowledged = acknowledged;
        this.tally = tally;
    }

    /** POST /m?s=: an opener or a reading; 2.04 means it is on disk. */
    CompletionStage<CoapResponse> message(CoapRequest request, MemberHandle sender) {
        Optional<String> named = request.parameter("s");
        Optional<Digest> session = named.flatMap(Parameters::digest);
        if (named.isPresent() && session.isEmpty()) {
            return answer(Problems.of("malformed"));
        }
        return taken(sender, intake.take(sender, request.contentFormat().orElse(-1), request.payload(), session));
    }

    /** POST /m/d: what a member signs about its readings; 2.04 means it is on disk. */
    CompletionStage<CoapResponse> digest(CoapRequest request, MemberHandle sender) {
        return taken(sender, intake.takeDigest(sender, request.contentFormat().orElse(-1), request.payload()));
    }

    /** POST /s: a serve ticket. */
    CompletionStage<CoapResponse> ticket(CoapRequest request, MemberHandle member) {
        if (request.contentFormat().orElse(-1) != ContentFormat.COSE_SIGN1) {
            return answer(Problems.of("unsupported-format"));
        }
        return changed(tickets.take(member, request.payload()));
    }

    /** GET /i?c=: the oldest messages after a number that fit one block. */
    CompletionStage<CoapResponse> inbox(CoapRequest request, MemberHandle member) {
        OptionalLong after = Parameters.number(request, "c", 0);
        if (after.isEmpty()) {
            return answer(Problems.of("malformed"));
        }
        return CompletableFuture.supplyAsync(
                        () -> waiting(inbox.after(member.id(), after.getAsLong(), ONE_BLOCK_BYTES)), workers)
                .exceptionally(Problems::ofFailure);
    }

    /** DELETE /i?u=: the member has everything up to and with a number. */
    CompletionStage<CoapResponse> acknowledge(CoapRequest request, MemberHandle member) {
        OptionalLong upTo = request.parameter("u").map(Parameters::number).orElse(OptionalLong.empty());
        if (upTo.isEmpty()) {
            return answer(Problems.of("malformed"));
        }
        return store.submit(draft -> {
                    boolean more = inbox.acknowledge(draft, member.id(), upTo.getAsLong());
                    draft.afterCommit(() -> acknowledged.acknowledged(member.id(), more));
                    return CoapResponse.deleted();
                })
                .exceptionally(Problems::ofFailure);
    }

    private static CoapResponse waiting(List<WaitingMessage> messages) {
        List<Bytes> entries = new ArrayList<>();
        for (WaitingMessage waiting : messages) {
            entries.add(new InboxEntry(
                            waiting.u(),
                            waiting.message().sender(),
                            waiting.message().session(),
                            waiting.message().receivedMillis(),
                            waiting.message().contentFormat(),
                            waiting.message().message())
                    .encode());
        }
        return CoapResponse.content(ContentFormat.CBOR_SEQUENCE, Bytes.concat(entries.toArray(Bytes[]::new)));
    }

    /** In one step, not three: it is taken for each reading. */
    private CompletionStage<CoapResponse> taken(MemberHandle sender, CompletionStage<Optional<Refusal>> taken) {
        return taken.handle((refusal, failure) -> {
            tally.taken(sender, failure == null && refusal.isEmpty());
            return failure == null ? answerOf(refusal) : Problems.ofFailure(failure);
        });
    }

    private static CompletionStage<CoapResponse> changed(CompletionStage<Optional<Refusal>> taken) {
        return taken.handle((refusal, failure) -> failure == null ? answerOf(refusal) : Problems.ofFailure(failure));
    }

    private static CoapResponse answerOf(Optional<Refusal> refusal) {
        return refusal.isEmpty()
                ? CoapResponse.changed()
                : Problems.of(refusal.get().code());
    }
}
