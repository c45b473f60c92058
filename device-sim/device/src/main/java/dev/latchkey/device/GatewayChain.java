package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.Observation;
import dev.latchkey.protocol.ContentFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What a gateway says about one chain; safe for use by many threads. */
final class GatewayChain implements ChainLink {
    private final GatewayLink gateway;
    private final Optional<String> chainName;

    private GatewayChain(GatewayLink gateway, Optional<String> chainName) {
        this.gateway = gateway;
        this.chainName = chainName;
    }

    /** The chain that the member is known in; saves its name in every request. */
    static GatewayChain own(GatewayLink gateway) {
        return new GatewayChain(gateway, Optional.empty());
    }

    /** Another chain of the network. */
    static GatewayChain other(GatewayLink gateway, String chainName) {
        return new GatewayChain(gateway, Optional.of(chainName));
    }

    private ClientRequest about(ClientRequest request) {
        return chainName.map(name -> request.withQuery("n", name)).orElse(request);
    }

    @Override
    public CompletableFuture<Bytes> policy() {
        return gateway.body(about(ClientRequest.get("/g").withQuery("from", 0)), sequence -> {
            if (sequence.isEmpty()) {
                throw new Patience.Passing("the gateway has no chain yet", Duration.ZERO, null);
            }
            return sequence;
        });
    }

    @Override
    public CompletableFuture<Bytes> policyAfter(int known) {
        return gateway.body(about(ClientRequest.get("/g").withQuery("from", known)));
    }

    @Override
    public CompletableFuture<Bytes> checkpoint() {
        return gateway.body(about(ClientRequest.get("/h")));
    }

    @Override
    public CompletableFuture<Bytes> key(String name, long checkpointHeight) {
        return gateway.body(
                about(ClientRequest.get("/k/" + name).withQuery("p", 1).withQuery("h", checkpointHeight)));
    }

    @Override
    public CompletableFuture<Bytes> keyHistory(String name, long checkpointHeight) {
        return gateway.body(
                about(ClientRequest.get("/k/" + name).withQuery("v", 1).withQuery("h", checkpointHeight)));
    }

    @Override
    public CompletableFuture<Bytes> header(long height, long checkpointHeight) {
        return gateway.body(
                about(ClientRequest.get("/b/" + height).withQuery("p", 1).withQuery("h", checkpointHeight)));
    }

    @Override
    public CompletableFuture<Bytes> toldKey(String name) {
        return gateway.body(about(ClientRequest.get("/k/" + name)));
    }

    @Override
    public CompletableFuture<Bytes> toldHistory(String name) {
        return gateway.body(about(ClientRequest.get("/k/" + name).withQuery("v", 1)));
    }

    @Override
    public CompletableFuture<Bytes> toldHeader(long height) {
        return gateway.body(about(ClientRequest.get("/b/" + height).withQuery("p", 1)));
    }

    @Override
    public CompletableFuture<Bytes> consistency(long older, long newer) {
        return gateway.body(about(ClientRequest.get("/c").withQuery("a", older).withQuery("b", newer)));
    }

    @Override
    public CompletableFuture<Bytes> offer(Bytes checkpoint) {
        Bytes body = Cbor.encode(Cbor.array(Cbor.NULL, Cbor.array(List.of()), Cbor.bytes(checkpoint)));
        return gateway.body(about(ClientRequest.post("/w", ContentFormat.CBOR, body)));
    }

    @Override
    public CompletableFuture<ProvisionalOutcome> join(Bytes transaction) {
        return gateway.answer(about(ClientRequest.post("/t", ContentFormat.COSE_SIGN, transaction)))
                .thenApply(ProvisionalOutcome::of);
    }

    @Override
    public CompletableFuture<ProvisionalOutcome> outcome(Digest transactionId) {
        return gateway.answer(outcomeOf(transactionId)).thenApply(ProvisionalOutcome::of);
    }

    @Override
    public Observation observeOutcome(Digest transactionId, Runnable heard, Consumer<Throwable> lost) {
        return gateway.observe(outcomeOf(transactionId), response -> heard.run(), lost);
    }

    private ClientRequest outcomeOf(Digest transactionId) {
        return about(ClientRequest.get("/t/" + transactionId.toHex()));
    }

    @Override
    public CompletableFuture<Bytes> transaction(Bytes transaction) {
        return gateway.body(about(ClientRequest.post("/t", ContentFormat.COSE_SIGN, transaction)));
    }
}
