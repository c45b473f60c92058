package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.Observation;
import dev.latchkey.protocol.ContentFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What a gateway says about one chain; safe for use by many threads. Nothing that comes back is proved yet.
 */
final class ChainLink {
    private static final int MAX_POLICY_BYTES = 65_536;

    private final GatewayLink gateway;
    private final Optional<String> chainName;

    private ChainLink(GatewayLink gateway, Optional<String> chainName) {
        this.gateway = gateway;
        this.chainName = chainName;
    }

    /** The chain that the member is known in; saves its name in every request. */
    static ChainLink own(GatewayLink gateway) {
        return new ChainLink(gateway, Optional.empty());
    }

    /** Another chain of the network. */
    static ChainLink other(GatewayLink gateway, String chainName) {
        return new ChainLink(gateway, Optional.of(chainName));
    }

    private ClientRequest about(ClientRequest request) {
        return chainName.map(name -> request.withQuery("n", name)).orElse(request);
    }

    /** Genesis, policy and evidence transactions: the body as it came. */
    CompletableFuture<Bytes> policy() {
        return gateway.body(about(ClientRequest.get("/g").withQuery("from", 0)), sequence -> {
            if (sequence.isEmpty()) {
                throw new Patience.Passing("the gateway has no chain yet", Duration.ZERO, null);
            }
            return sequence;
        });
    }

    /** What came after so many of those transactions: nothing, mostly. */
    CompletableFuture<Bytes> policyAfter(int known) {
        return gateway.body(about(ClientRequest.get("/g").withQuery("from", known)));
    }

    /** The transactions in a body of {@link #policy}. */
    static List<Bytes> transactions(Bytes sequence) throws MalformedCborException {
        List<Bytes> transactions = new ArrayList<>();
        for (Item item : Cbor.decodeSequence(sequence, MAX_POLICY_BYTES)) {
            transactions.add(item.asBytes());
        }
        return transactions;
    }

    CompletableFuture<Bytes> checkpoint() {
        return gateway.body(about(ClientRequest.get("/h")));
    }

    CompletableFuture<Bytes> key(String name, long checkpointHeight) {
        return gateway.body(
                about(ClientRequest.get("/k/" + name).withQuery("p", 1).withQuery("h", checkpointHeight)));
    }

    /** All records of a name, newest first. */
    CompletableFuture<Bytes> keyHistory(String name, long checkpointHeight) {
        return gateway.body(
                about(ClientRequest.get("/k/" + name).withQuery("v", 1).withQuery("h", checkpointHeight)));
    }

    CompletableFuture<Bytes> header(long height, long checkpointHeight) {
        return gateway.body(
                about(ClientRequest.get("/b/" + height).withQuery("p", 1).withQuery("h", checkpointHeight)));
    }

    /** The record of a name as it is now, without proof. */
    CompletableFuture<Bytes> toldKey(String name) {
        return gateway.body(about(ClientRequest.get("/k/" + name)));
    }

    /** All records of a name with the proof of the newest, under whatever checkpoint the gateway has. */
    CompletableFuture<Bytes> toldHistory(String name) {
        return gateway.body(about(ClientRequest.get("/k/" + name).withQuery("v", 1)));
    }

    /** A header with its path, under whatever checkpoint the gateway has. */
    CompletableFuture<Bytes> toldHeader(long height) {
        return gateway.body(about(ClientRequest.get("/b/" + height).withQuery("p", 1)));
    }

    /** The path from the history of one height to that of another. */
    CompletableFuture<Bytes> consistency(long older, long newer) {
        return gateway.body(about(ClientRequest.get("/c").withQuery("a", older).withQuery("b", newer)));
    }

    /** Shows the gateway, which is a witness, a checkpoint that contradicts its own. */
    CompletableFuture<Bytes> offer(Bytes checkpoint) {
        Bytes body = Cbor.encode(Cbor.array(Cbor.NULL, Cbor.array(List.of()), Cbor.bytes(checkpoint)));
        return gateway.body(about(ClientRequest.post("/w", ContentFormat.CBOR, body)));
    }

    /** Submits a join, which may get a provisional receipt. */
    CompletableFuture<ProvisionalOutcome> join(Bytes transaction) {
        return gateway.answer(about(ClientRequest.post("/t", ContentFormat.COSE_SIGN, transaction)))
                .thenApply(ProvisionalOutcome::of);
    }

    /** What became of a join. */
    CompletableFuture<ProvisionalOutcome> outcome(Digest transactionId) {
        return gateway.answer(outcomeOf(transactionId)).thenApply(ProvisionalOutcome::of);
    }

    /** Hears what becomes of a join; whatever is heard is no more than a reason to ask. */
    Observation observeOutcome(Digest transactionId, Runnable heard, Consumer<Throwable> lost) {
        return gateway.observe(outcomeOf(transactionId), response -> heard.run(), lost);
    }

    private ClientRequest outcomeOf(Digest transactionId) {
        return about(ClientRequest.get("/t/" + transactionId.toHex()));
    }

    /** Submits a transaction; answers its receipt. The same bytes again are answered with the same receipt. */
    CompletableFuture<Bytes> transaction(Bytes transaction) {
        return gateway.body(about(ClientRequest.post("/t", ContentFormat.COSE_SIGN, transaction)));
    }
}
