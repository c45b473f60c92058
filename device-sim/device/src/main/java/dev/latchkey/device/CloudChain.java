package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.Observation;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.ChainId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What a cloud node says about one chain that it orders; safe for use by many threads. */
final class CloudChain implements ChainLink {
    private static final int MAX_PROOF_BYTES = 1 << 20;

    private final CloudLink cloud;
    private final String base;

    CloudChain(CloudLink cloud, ChainId chain) {
        this.cloud = cloud;
        this.base = "/v1/chains/" + chain.toHex();
    }

    @Override
    public void elsewhere() {
        cloud.next();
    }

    private CompletableFuture<Bytes> get(String what) {
        return cloud.get(base + what, MAX_PROOF_BYTES);
    }

    @Override
    public CompletableFuture<Bytes> policy() {
        return get("/policy");
    }

    @Override
    public CompletableFuture<Bytes> policyAfter(int known) {
        return get("/policy?from=" + known);
    }

    @Override
    public CompletableFuture<Bytes> checkpoint() {
        return get("/checkpoint");
    }

    @Override
    public CompletableFuture<Bytes> key(String name, long checkpointHeight) {
        return get("/keys/" + name + "?h=" + checkpointHeight);
    }

    @Override
    public CompletableFuture<Bytes> keyHistory(String name, long checkpointHeight) {
        return get("/keys/" + name + "/history?h=" + checkpointHeight);
    }

    @Override
    public CompletableFuture<Bytes> header(long height, long checkpointHeight) {
        return get("/headers/" + height + "?h=" + checkpointHeight);
    }

    @Override
    public CompletableFuture<Bytes> toldKey(String name) {
        return onlyAGateway();
    }

    @Override
    public CompletableFuture<Bytes> toldHistory(String name) {
        return onlyAGateway();
    }

    @Override
    public CompletableFuture<Bytes> toldHeader(long height) {
        return onlyAGateway();
    }

    @Override
    public CompletableFuture<Bytes> consistency(long older, long newer) {
        return get("/consistency?a=" + older + "&b=" + newer);
    }

    @Override
    public CompletableFuture<Bytes> offer(Bytes checkpoint) {
        return onlyAGateway();
    }

    /** A cloud node gives no provisional receipts. */
    @Override
    public CompletableFuture<ProvisionalOutcome> join(Bytes transaction) {
        return transaction(transaction).thenApply(receipt -> new ProvisionalOutcome(true, receipt));
    }

    @Override
    public CompletableFuture<ProvisionalOutcome> outcome(Digest transactionId) {
        return onlyAGateway();
    }

    @Override
    public Observation observeOutcome(Digest transactionId, Runnable heard, Consumer<Throwable> lost) {
        throw new IllegalStateException("only a gateway gives provisional receipts");
    }

    @Override
    public CompletableFuture<Bytes> transaction(Bytes transaction) {
        return cloud.post(base + "/transactions", transaction, MAX_PROOF_BYTES)
                .thenApply(body -> Failures.wrapped(() -> receipt(body)));
    }

    private static Bytes receipt(Bytes body) throws DeviceException, Patience.Passing {
        try {
            List<Item> answers = Cbor.decode(body, MAX_PROOF_BYTES).asArray(1);
            TransactionAnswer answer = TransactionAnswer.fromItem(answers.get(0));
            if (answer instanceof TransactionAnswer.Accepted accepted) {
                return accepted.receipt();
            }
            TransactionAnswer.Rejected rejected = (TransactionAnswer.Rejected) answer;
            Problem why = new Problem(rejected.code(), rejected.detail());
            if (CloudLink.PASSING.contains(rejected.code())) {
                throw new Patience.Passing(why, Duration.ofSeconds(1));
            }
            throw DeviceException.refusedByCloud(why);
        } catch (MalformedCborException | MalformedMessageException e) {
            throw Failures.unproved("the cloud node's answer is not readable", e);
        }
    }

    private static <T> CompletableFuture<T> onlyAGateway() {
        return CompletableFuture.failedFuture(new DeviceException(
                DeviceException.Kind.UNPROVED, "a consumer goes by proofs, not by what it is told"));
    }
}
