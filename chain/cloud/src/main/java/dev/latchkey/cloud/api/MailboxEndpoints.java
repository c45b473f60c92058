package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.cloud.mailbox.MailboxState;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.MemberRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Reading, following and acknowledging mailboxes. Thread-safe. */
final class MailboxEndpoints {
    /** The header in which a gateway shows the owner's serve ticket, base64url without padding. */
    static final String TICKET_HEADER = "Latchkey-Serve-Ticket";

    /** The last sequence given. */
    static final String LAST_HEADER = "Latchkey-Mailbox-Last";

    /** How many messages were lost unread since the mailbox exists, and the sequence of the newest of them. */
    static final String EXPIRED_HEADER = "Latchkey-Mailbox-Expired";

    private static final int MAX_TICKET_TEXT = 4 * ServeTicket.MAX_BYTES / 3 + 4;
    private static final int MAX_PAGE = 1_024;
    private static final int PAGE_BYTES = 256 * 1024;

    private final Access access;
    private final MailboxLog log;
    private final Leadership leadership;
    private final Tickets tickets;
    private final Streams streams;
    private final Clock clock;
    private final Executor workers;

    MailboxEndpoints(
            Access access,
            MailboxLog log,
            Leadership leadership,
            Tickets tickets,
            Streams streams,
            Clock clock,
            Executor workers) {
        this.access = access;
        this.leadership = leadership;
        this.log = log;
        this.tickets = tickets;
        this.streams = streams;
        this.clock = clock;
        this.workers = workers;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/v1/mailboxes/{c}/{name}", this::read),
                Route.of("GET", "/v1/mailboxes/{c}/{name}/state", this::state),
                leadership.ofMailbox(
                        Route.of("DELETE", "/v1/mailboxes/{c}/{name}", this::acknowledge),
                        call -> box(access.chain(call), call, 0).ownerId()),
                Route.of(
                        "POST",
                        "/v1/mailboxes/{c}/follow",
                        FollowRequest.MAX_BYTES,
                        (call, bytes) -> gateway(call),
                        this::follow));
    }

    private CompletionStage<Answer> read(Call call) {
        OrderedChain chain = access.chain(call);
        FollowedBox box = box(chain, call, call.number("after", 0, Long.MAX_VALUE - 2));
        if (call.flag("follow")) {
            return CompletableFuture.completedFuture(
                    new Answer.Stream(MediaTypes.CBOR_SEQUENCE, headers(box), pieces(List.of(box), false)));
        }
        int limit = (int) call.number("limit", MAX_PAGE, MAX_PAGE);
        return leadership.mailboxFresh(box.ownerId()).thenApply(fresh -> {
            List<Bytes> entries = log.mailboxes().read(box.ownerId(), box.after(), limit, PAGE_BYTES);
            Bytes body = Bytes.concat(entries.toArray(Bytes[]::new));
            return new Answer.Whole(200, MediaTypes.CBOR_SEQUENCE, headers(box), body);
        });
    }

    private CompletionStage<Answer> state(Call call) {
        FollowedBox box = box(access.chain(call), call, 0);
        return leadership
                .mailboxFresh(box.ownerId())
                .thenApply(fresh ->
                        Representation.of(log.mailboxes().state(box.ownerId()).item()));
    }

    /** What a reader cannot see from the entries: what is no more there. */
    private Map<String, String> headers(FollowedBox box) {
        MailboxState state = log.mailboxes().state(box.ownerId());
        return Map.of(
                "Cache-Control",
                "no-store",
                LAST_HEADER,
                Long.toString(state.last()),
                EXPIRED_HEADER,
                state.expired() + " " + state.expiredUpTo());
    }

    private CompletionStage<Answer> acknowledge(Call call) {
        OrderedChain chain = access.chain(call);
        long upTo = call.number("upto", Long.MAX_VALUE - 2);
        FollowedBox box = box(chain, call, 0);
        return log.acknowledge(box.ownerId(), upTo)
                .thenApply(done -> new Answer.Whole(204, MediaTypes.CBOR, Map.of(), Bytes.EMPTY));
    }

    private CompletionStage<Answer> follow(Call call) {
        OrderedChain chain = access.chain(call);
        MemberRecord gateway = gateway(call);
        List<FollowedBox> boxes = new ArrayList<>();
        for (FollowRequest.Cursor cursor : decoded(call.body()).cursors()) {
            if (cursor.after() < Long.MAX_VALUE - 1) {
                Tickets.decode(cursor.ticket())
                        .flatMap(ticket -> served(chain, call, gateway, cursor.owner(), ticket, cursor.after()))
                        .ifPresent(boxes::add);
            }
        }
        if (boxes.isEmpty()) {
            throw new Refusal(403, "not-served", "no serve ticket of the request is good");
        }
        return CompletableFuture.completedFuture(Answer.stream(MediaTypes.CBOR_SEQUENCE, pieces(boxes, true)));
    }

    private MemberRecord gateway(Call call) {
        return access.caller(access.chain(call), call)
                .gateway()
                .orElseThrow(() -> Refusal.forbidden("only active gateways follow several mailboxes"));
    }

    private static FollowRequest decoded(Bytes body) {
        try {
            return FollowRequest.decode(body);
        } catch (MalformedMessageException e) {
            throw Refusal.badRequest("the body is not a follow request in deterministic CBOR");
        }
    }

    private MailboxPieces pieces(List<FollowedBox> boxes, boolean named) {
        streams.requireOpen();
        return new MailboxPieces(boxes, named, log.mailboxes(), streams, workers);
    }

    /** The mailbox of the path, for its owner or for a gateway that shows the owner's ticket. */
    private FollowedBox box(OrderedChain chain, Call call, long after) {
        String name = call.variable("name");
        Caller caller = access.caller(chain, call);
        if (caller.isNamed(name)) {
            MemberRecord owner = caller.member().orElseThrow();
            return new FollowedBox(
                    name, owner.id(), after, () -> access.caller(chain, call).isNamed(name));
        }
        MemberRecord gateway = caller.gateway()
                .orElseThrow(() -> Refusal.forbidden("a mailbox is for its owner and for gateways with its ticket"));
        ServeTicket ticket = ticket(call)
                .orElseThrow(() -> new Refusal(403, "not-served", "a gateway shows the owner's serve ticket"));
        return served(chain, call, gateway, name, ticket, after)
                .orElseThrow(() -> new Refusal(403, "not-served", "the serve ticket is not good"));
    }

    private Optional<FollowedBox> served(
            OrderedChain chain, Call call, MemberRecord gateway, String owner, ServeTicket ticket, long after) {
        return owner(chain, owner, gateway.name(), ticket)
                .map(record -> new FollowedBox(
                        owner,
                        record.id(),
                        after,
                        () -> access.caller(chain, call).gateway().isPresent()
                                && owner(chain, owner, gateway.name(), ticket).isPresent()));
    }

    private Optional<MemberRecord> owner(OrderedChain chain, String owner, String gateway, ServeTicket ticket) {
        return chain.line()
                .verified()
                .member(owner)
                .filter(MemberRecord::isActive)
                .filter(record -> tickets.allows(ticket, chain.id(), record, gateway, clock.instant()));
    }

    private static Optional<ServeTicket> ticket(Call call) {
        return call.header()
                .apply(TICKET_HEADER)
                .filter(text -> text.length() <= MAX_TICKET_TEXT)
                .flatMap(MailboxEndpoints::decodedText)
                .flatMap(Tickets::decode);
    }

    private static Optional<Bytes> decodedText(String text) {
        try {
            return Optional.of(Bytes.wrap(Base64.getUrlDecoder().decode(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
