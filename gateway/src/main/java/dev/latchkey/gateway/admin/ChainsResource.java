package dev.latchkey.gateway.admin;

import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.ReplicaFault;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** {@code /a/n}: the served chains; {@code /a/n/{net}}: what this gateway has of one of them. */
public final class ChainsResource implements AdminResource {
    private final Supplier<List<AdminChain>> chains;
    private final Executor workers;

    /** @param workers runs what reads the disk */
    public ChainsResource(Supplier<List<AdminChain>> chains, Executor workers) {
        this.chains = chains;
        this.workers = workers;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.route(
                        AdminTree.CHAINS,
                        Method.GET,
                        (request, admin) -> later(() -> all(request)),
                        LinkAttributes.type("latchkey.chains", ContentFormat.CBOR, ContentFormat.JSON))
                .route(AdminTree.CHAINS + "/{net}", Method.GET, (request, admin) -> later(() -> one(request)));
    }

    private CompletionStage<CoapResponse> later(Supplier<CoapResponse> answer) {
        return CompletableFuture.supplyAsync(answer, workers).exceptionally(Problems::ofFailure);
    }

    private CoapResponse all(CoapRequest request) {
        return Values.answer(
                request,
                Map.of(
                        "chains",
                        chains.get().stream()
                                .map(chain -> chain.status().get().values())
                                .toList()));
    }

    private CoapResponse one(CoapRequest request) {
        return AdminChains.named(chains.get(), request.variable("net"))
                .map(chain -> Values.answer(request, values(chain)))
                .orElseGet(() -> Problems.of("unknown-chain"));
    }

    private static Map<String, Object> values(AdminChain chain) {
        ChainStatus status = chain.status().get();
        Map<String, Object> values = new LinkedHashMap<>(status.values());
        values.put("id", chain.id().toHex());
        Optional<ChainState> state = chain.replica().state();
        values.put("network", state.map(ChainState::network).orElse(null));
        values.put(
                "block-since-ms",
                state.map(now -> now.checkpoint().timeMillis()).orElse(null));
        values.put("policy", state.map(now -> policy(now.policy())).orElse(null));
        values.put("transactions", state.map(ChainState::transactionCount).orElse(0L));
        values.put(
                "checkpoint-head",
                chain.replica().heads().newest().map(ChainsResource::head).orElse(null));
        values.put("heads-kept", (long) chain.replica().heads().size());
        values.put("verified-last-minute", status.checks().verifiedLastMinute());
        values.put("cosignatures-missing", (long) chain.replica().missingCosignatures());
        values.put(
                "liars",
                chain.watch().liarKeys().stream()
                        .map(kid -> kid.value().toHex())
                        .toList());
        values.put("fault", chain.replica().fault().map(ChainsResource::fault).orElse(null));
        return values;
    }

    private static Map<String, Object> policy(Policy policy) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("number", policy.number());
        values.put(
                "operators",
                policy.operators().k() + " of " + policy.operators().keys().size());
        values.put(
                "replicas",
                policy.replicas().k() + " of " + policy.replicas().nodes().size());
        values.put(
                "witnesses",
                policy.witnesses().q() + " of " + policy.witnesses().gateways().size());
        values.put("siblings", (long) policy.siblings().size());
        return values;
    }

    private static Map<String, Object> head(Head head) {
        Checkpoint body = head.state().checkpoint();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("height", head.height());
        values.put("block", body.blockHash().toHex());
        values.put("block-since-ms", body.timeMillis());
        values.put("handed-out-since-ms", head.handedOutMillis());
        values.put("signatures", (long) head.signed().parts().size());
        return values;
    }

    private static Map<String, Object> fault(ReplicaFault fault) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("height", fault.height());
        values.put("reason", fault.reason());
        values.put("since-ms", fault.atMillis());
        return values;
    }
}
