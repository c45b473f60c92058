package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.mailbox.BatchTooLargeException;
import dev.latchkey.cloud.mailbox.Delivering;
import dev.latchkey.cloud.mailbox.MailboxCommand;
import dev.latchkey.cloud.mailbox.MailboxSettings;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.cloud.raft.RaftFault;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.protocol.BatchAnswer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;

/**
 * The mailboxes and the logs before them. Thread-safe. Stages complete on workers, with a refusal where the log does not
 * take the entry.
 */
public final class MailboxLog {
    private final MailboxShards shards;
    private final MailboxSettings settings;
    private final RaftNode raft;
    private final Optional<RaftNode.Forwarder> forwarder;
    private final Executor workers;

    /**
     * Mailboxes behind the logs of their groups.
     *
     * @param forwarder brings an entry to the member that leads its group, where there are others
     */
    public MailboxLog(
            MailboxShards shards,
            MailboxSettings settings,
            RaftNode raft,
            Optional<RaftNode.Forwarder> forwarder,
            Executor workers) {
        this.shards = shards;
        this.settings = settings;
        this.raft = raft;
        this.forwarder = forwarder;
        this.workers = workers;
    }

    MailboxShards mailboxes() {
        return shards;
    }

    MailboxSettings settings() {
        return settings;
    }

    CompletionStage<BatchAnswer> deliver(MailboxCommand.Deliver command) {
        return onWorkers(new Delivering(shards, command).run(raft, forwarder))
                .thenApply(answer -> answer.orElseThrow(() -> new Refusal(
                        409, "foreign-sequence", "the sequences of this store epoch are another gateway's")));
    }

    /** A delivery that another member resolved, or what it found, for a group that this one leads; the reply of apply. */
    CompletionStage<Bytes> entry(String group, Bytes entry) {
        boolean isOurs = shards.all().stream().anyMatch(shard -> shard.group().equals(group));
        if (!isOurs || !MailboxCommand.isBrought(entry)) {
            throw Refusal.badRequest(
                    "the body is neither a delivery for a mailboxes' group nor what a member found there");
        }
        return onWorkers(raft.submit(group, entry));
    }

    CompletionStage<Void> acknowledge(Bytes owner, long upTo) {
        MailboxShards.Shard shard = shards.of(owner);
        return onWorkers(shard.mailboxes().acknowledge(raft, shard.group(), owner, upTo));
    }

    /**
     * Looks over all mailboxes; where this node leads, proposes the end of what has ended; gives disk space back. Takes its
     * time; for one thread at a time.
     *
     * @param beforeMillis for a network, the moment before which what was delivered has ended its retention
     * @param seenBeforeMillis the earliest such moment of all networks
     */
    public CompletionStage<Void> upkeep(ToLongFunction<Digest> beforeMillis, long seenBeforeMillis, long nowMillis) {
        CompletionStage<Void> done = CompletableFuture.completedFuture(null);
        for (MailboxShards.Shard shard : shards.all()) {
            List<MailboxCommand.Expire> due =
                    shard.mailboxes().due(beforeMillis, seenBeforeMillis, nowMillis, settings);
            if (raft.isReady(shard.group())) {
                for (MailboxCommand.Expire entry : due) {
                    done = done.thenCompose(before -> shard.mailboxes().expire(raft, shard.group(), entry));
                }
            }
            shard.mailboxes().reclaim();
        }
        return done;
    }

    private <T> CompletionStage<T> onWorkers(CompletionStage<T> stage) {
        return stage.handleAsync(
                (value, fault) -> {
                    if (fault == null) {
                        return value;
                    }
                    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
                    if (cause instanceof BatchTooLargeException) {
                        throw Refusal.tooLarge();
                    }
                    throw cause instanceof RaftFault ? Refusal.notReady() : new CompletionException(cause);
                },
                workers);
    }
}
