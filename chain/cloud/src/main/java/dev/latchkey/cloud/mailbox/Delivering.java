package dev.latchkey.cloud.mailbox;

import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.protocol.BatchAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One batch on its way into every group that has recipients of it. For one batch. */
public final class Delivering {
    private final MailboxCommand.Deliver whole;
    private final Map<MailboxShards.Shard, MailboxCommand.Deliver> parts;

    /** A batch. */
    public Delivering(MailboxShards shards, MailboxCommand.Deliver whole) {
        this.whole = whole;
        this.parts = shards.split(whole);
    }

    /**
     * Appends an entry to each group. A message that one group refuses and another one takes is taken. Empty if the store
     * epoch is another gateway's.
     *
     * @param forwarder brings an entry to the member that leads its group, where there are others
     */
    public CompletionStage<Optional<BatchAnswer>> run(RaftNode raft, Optional<RaftNode.Forwarder> forwarder) {
        Map<MailboxShards.Shard, CompletableFuture<Optional<BatchAnswer>>> answers = new HashMap<>();
        parts.forEach((shard, part) -> answers.put(
                shard,
                shard.mailboxes().deliver(raft, forwarder, shard.group(), part).toCompletableFuture()));
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> merged(answers));
    }

    private Optional<BatchAnswer> merged(Map<MailboxShards.Shard, CompletableFuture<Optional<BatchAnswer>>> answers) {
        List<BatchAnswer.Refused> refused = new ArrayList<>();
        Set<Long> taken = new HashSet<>();
        for (Map.Entry<MailboxShards.Shard, CompletableFuture<Optional<BatchAnswer>>> each : answers.entrySet()) {
            Optional<BatchAnswer> answer = each.getValue().join();
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            Set<Long> notTaken = new HashSet<>();
            for (BatchAnswer.Refused one : answer.get().refused()) {
                notTaken.add(one.sequence());
                refused.add(one);
            }
            parts.get(each.getKey()).deliveries().stream()
                    .map(MailboxCommand.Delivery::sequence)
                    .filter(sequence -> !notTaken.contains(sequence))
                    .forEach(taken::add);
        }
        Map<Long, BatchAnswer.Refused> left = new HashMap<>();
        refused.stream()
                .filter(one -> !taken.contains(one.sequence()))
                .forEach(one -> left.putIfAbsent(one.sequence(), one));
        long last = whole.deliveries().get(whole.deliveries().size() - 1).sequence();
        return Optional.of(new BatchAnswer(last, new ArrayList<>(left.values())));
    }
}
