package dev.latchkey.gateway.admin;

import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.outbox.OutboundMessage;
import dev.latchkey.gateway.outbox.SetAside;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * {@code /a/q}: what waits for the cloud, for each chain; {@code /a/q/{net}}: one chain's queue with the messages that the
 * cloud refused, in pages by sequence.
 */
public final class QueueResource implements AdminResource {
    private final Supplier<List<AdminChain>> chains;
    private final LongSupplier maxBytes;
    private final Executor workers;
    private final Clock clock;

    /**
     * Makes the resource.
     *
     * @param maxBytes what all queues may take together
     * @param workers runs what reads the disk
     */
    public QueueResource(Supplier<List<AdminChain>> chains, LongSupplier maxBytes, Executor workers, Clock clock) {
        this.chains = chains;
        this.maxBytes = maxBytes;
        this.workers = workers;
        this.clock = clock;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.route(
                        AdminTree.QUEUE,
                        Method.GET,
                        (request, admin) -> later(() -> all(request)),
                        LinkAttributes.type("latchkey.queue", ContentFormat.CBOR, ContentFormat.JSON))
                .route(AdminTree.QUEUE + "/{net}", Method.GET, (request, admin) -> later(() -> one(request)));
    }

    private CompletionStage<CoapResponse> later(Supplier<CoapResponse> answer) {
        return CompletableFuture.supplyAsync(answer, workers).exceptionally(Problems::ofFailure);
    }

    private CoapResponse all(CoapRequest request) {
        List<AdminChain> served = chains.get();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(
                "messages",
                served.stream().mapToLong(chain -> chain.outbox().depth()).sum());
        values.put(
                "bytes",
                served.stream().mapToLong(chain -> chain.outbox().bytes()).sum());
        values.put("max-bytes", maxBytes.getAsLong());
        values.put(
                "refused",
                served.stream().mapToLong(chain -> chain.outbox().refused()).sum());
        values.put("chains", served.stream().map(this::values).toList());
        return Values.answer(request, values);
    }

    private CoapResponse one(CoapRequest request) {
        OptionalLong from = Page.from(request);
        Optional<AdminChain> chain = AdminChains.named(chains.get(), request.variable("net"));
        if (from.isEmpty()) {
            return Problems.of("malformed");
        }
        if (chain.isEmpty()) {
            return Problems.of("unknown-chain");
        }
        Map<String, Object> values = values(chain.get());
        List<SetAside> refused = chain.get().outbox().setAside(from.getAsLong(), Page.ROWS + 1);
        values.putAll(Page.of("refused-messages", refused, SetAside::sequence, QueueResource::row));
        return Values.answer(request, values);
    }

    private Map<String, Object> values(AdminChain chain) {
        Map<String, Object> values = new LinkedHashMap<>();
        OptionalLong oldest = chain.outbox().oldestMillis();
        values.put("chain", chain.name());
        values.put("messages", chain.outbox().depth());
        values.put("bytes", chain.outbox().bytes());
        values.put("oldest-ms", oldest.isPresent() ? Math.max(0, clock.millis() - oldest.getAsLong()) : null);
        values.put("acknowledged-sequence", chain.outbox().acknowledged());
        values.put("next-sequence", chain.outbox().next());
        values.put("refused", chain.outbox().refused());
        return values;
    }

    private static Map<String, Object> row(SetAside aside) {
        OutboundMessage message = aside.message();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("sequence", aside.sequence());
        values.put("code", aside.code());
        values.put("sender", message.sender());
        values.put("session", message.session().bytes());
        values.put("accepted-since-ms", message.acceptedMillis());
        values.put("content-format", (long) message.contentFormat());
        values.put("bytes", (long) message.message().size());
        return values;
    }
}
