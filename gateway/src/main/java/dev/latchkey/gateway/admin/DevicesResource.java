package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.admin.MembersSeen.Seen;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.inbox.InboxDepth;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * {@code /a/d}: the members that made a request since the start, in pages; {@code /a/d/{name}}: all that is known here of
 * one member, seen or not. {@code ?n=} names a chain.
 */
public final class DevicesResource implements AdminResource {
    private final Supplier<List<AdminChain>> chains;
    private final Supplier<Endpoints> endpoints;
    private final MembersSeen seen;
    private final TicketBook tickets;
    private final Inbox inbox;
    private final Intake intake;
    private final Executor workers;
    private final Clock clock;

    /** @param workers runs what reads the disk */
    public DevicesResource(
            Supplier<List<AdminChain>> chains,
            Supplier<Endpoints> endpoints,
            MembersSeen seen,
            TicketBook tickets,
            Inbox inbox,
            Intake intake,
            Executor workers,
            Clock clock) {
        this.chains = chains;
        this.endpoints = endpoints;
        this.seen = seen;
        this.tickets = tickets;
        this.inbox = inbox;
        this.intake = intake;
        this.workers = workers;
        this.clock = clock;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.route(
                        AdminTree.DEVICES,
                        Method.GET,
                        (request, admin) -> later(() -> page(request)),
                        LinkAttributes.type("latchkey.devices", ContentFormat.CBOR, ContentFormat.JSON))
                .route(AdminTree.DEVICES + "/{name}", Method.GET, (request, admin) -> later(() -> one(request)));
    }

    private CompletableFuture<CoapResponse> later(Supplier<CoapResponse> answer) {
        return CompletableFuture.supplyAsync(answer, workers).exceptionally(Problems::ofFailure);
    }

    private record Row(AdminChain chain, String name, Seen seen, long number) {}

    private CoapResponse page(CoapRequest request) {
        OptionalLong from = Page.from(request);
        List<AdminChain> meant = AdminChains.meant(chains.get(), request);
        if (from.isEmpty()) {
            return Problems.of("malformed");
        }
        if (meant.isEmpty()) {
            return Problems.of("unknown-chain");
        }
        List<Row> all = new ArrayList<>();
        for (AdminChain chain : meant) {
            seen.in(chain.id())
                    .forEach(entry -> all.add(new Row(chain, entry.getKey().name(), entry.getValue(), all.size())));
        }
        List<Row> rows =
                all.stream().skip(from.getAsLong()).limit(Page.ROWS + 1).toList();
        Set<MembersSeen.Place> connected = connected();
        return Values.answer(request, Page.of("devices", rows, Row::number, row -> row(row, connected)));
    }

    private Map<String, Object> row(Row row, Set<MembersSeen.Place> connected) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", row.name());
        values.put("chain", row.chain().name());
        values.put("state", state(row.chain().replica().members().byName(row.name())));
        values.put(
                "connected",
                connected.contains(new MembersSeen.Place(row.chain().id(), row.name())));
        putSeen(values, Optional.of(row.seen()));
        return values;
    }

    private CoapResponse one(CoapRequest request) {
        String name = request.variable("name");
        List<AdminChain> meant = AdminChains.meant(chains.get(), request);
        if (meant.isEmpty()) {
            return Problems.of("unknown-chain");
        }
        for (AdminChain chain : meant) {
            Optional<MemberRecord> record = chain.replica().members().byName(name);
            if (record.isPresent()) {
                return Values.answer(request, one(chain, record.get()));
            }
        }
        return Problems.of("unknown-name");
    }

    private Map<String, Object> one(AdminChain chain, MemberRecord record) {
        ChainId id = chain.id();
        Bytes member = record.id();
        List<SessionRow> sessions = endpoints.get().sessions().stream()
                .filter(row -> place(row)
                        .filter(new MembersSeen.Place(id, record.name())::equals)
                        .isPresent())
                .toList();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", record.name());
        values.put("chain", chain.name());
        values.put("id", member);
        values.put("role", record.role().name().toLowerCase(Locale.ROOT));
        values.put("state", state(Optional.of(record)));
        values.put("record-height", record.height());
        values.put("connected", !sessions.isEmpty());
        putSeen(values, seen.of(id, record.name()));
        InboxDepth depth = inbox.depth(member);
        values.put("delivered", depth.delivered());
        values.put("acknowledged", depth.acknowledged());
        values.put("inbox-messages", depth.messages());
        values.put("inbox-bytes", depth.bytes());
        values.put("sessions-opened", intake.sessionsOf(member));
        OptionalLong until = tickets.validUntilMillis(id, member);
        values.put("served", tickets.serves(member));
        values.put("ticket-until-ms", until.isPresent() ? until.getAsLong() : null);
        long now = clock.millis();
        values.put(
                "sessions",
                sessions.stream().map(row -> row.values(now, chains.get())).toList());
        return values;
    }

    private static void putSeen(Map<String, Object> values, Optional<Seen> known) {
        values.put("first-request-ms", known.map(Seen::firstMillis).orElse(null));
        values.put("last-request-ms", known.map(Seen::lastMillis).orElse(null));
        values.put("requests", known.map(Seen::requests).orElse(0L));
        values.put("accepted", known.map(Seen::accepted).orElse(0L));
        values.put("refused", known.map(Seen::refused).orElse(0L));
    }

    private Set<MembersSeen.Place> connected() {
        Set<MembersSeen.Place> places = new HashSet<>();
        endpoints.get().sessions().forEach(row -> place(row).ifPresent(places::add));
        return places;
    }

    private static Optional<MembersSeen.Place> place(SessionRow row) {
        return row.connected().peer().handle() instanceof MemberHandle member
                ? Optional.of(new MembersSeen.Place(member.chain(), member.name()))
                : Optional.empty();
    }

    private static String state(Optional<MemberRecord> record) {
        return record.map(known -> known.state().getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .orElse("unknown");
    }
}
