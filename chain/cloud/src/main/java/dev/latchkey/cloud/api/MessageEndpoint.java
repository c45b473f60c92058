package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.chain.OrderedChain;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.console.Metrics;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.transaction.MemberRecord;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes batches of messages from gateways. Thread-safe. */
final class MessageEndpoint {
    private final Access access;
    private final BatchResolution resolution;
    private final MailboxLog log;
    private final Leadership leadership;
    private final Counter refusals;

    MessageEndpoint(Access access, BatchResolution resolution, MailboxLog log, Leadership leadership, Metrics metrics) {
        this.leadership = leadership;
        this.access = access;
        this.resolution = resolution;
        this.log = log;
        this.refusals = metrics.counter(
                "latchkey_mailbox_refused", "Messages that were refused, by the code of the reason.", "code");
        List.of("mailbox-full", "network-full").forEach(refusals::initLabelValues);
    }

    Route route() {
        return Route.of("POST", "/v1/messages", MessageBatch.MAX_BYTES, (call, bytes) -> gateway(call), this::deliver);
    }

    /** Who leads the mailboxes may be behind in the chains, and would refuse for good whom it does not know yet. */
    private CompletionStage<Answer> deliver(Call call) {
        return leadership.chainsFresh().thenCompose(fresh -> resolve(call));
    }

    private CompletionStage<Answer> resolve(Call call) {
        OrderedChain chain = access.chain(call.query().get("chain"));
        MemberRecord gateway = gateway(call);
        MessageBatch batch = decoded(call.body());
        BatchResolution.Resolved resolved = resolution.resolve(chain, gateway, batch);
        long last = batch.messages().get(batch.messages().size() - 1).sequence();
        CompletionStage<BatchAnswer> stored = resolved.command().isPresent()
                ? log.deliver(resolved.command().get())
                : CompletableFuture.completedFuture(new BatchAnswer(last, List.of()));
        return stored.thenApply(answer -> answer(last, resolved.refused(), answer.refused()));
    }

    private MemberRecord gateway(Call call) {
        OrderedChain chain = access.chain(call.query().get("chain"));
        return access.caller(chain, call)
                .gateway()
                .orElseThrow(() -> Refusal.forbidden("messages come from active gateways of the chain"));
    }

    private static MessageBatch decoded(Bytes body) {
        try {
            return MessageBatch.decode(body);
        } catch (MalformedMessageException e) {
            throw Refusal.badRequest("the body is not a message batch in deterministic CBOR");
        }
    }

    private Answer answer(long last, List<BatchAnswer.Refused> before, List<BatchAnswer.Refused> inApply) {
        List<BatchAnswer.Refused> all = new ArrayList<>(before);
        all.addAll(inApply);
        all.forEach(one -> refusals.labelValues(one.code()).inc());
        all.sort(Comparator.comparingLong(BatchAnswer.Refused::sequence));
        return Answer.ok(MediaTypes.CBOR, new BatchAnswer(last, all).encode());
    }
}
