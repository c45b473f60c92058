package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.mailbox.MailboxCommand;
import dev.latchkey.cloud.mailbox.Mailboxes;
import dev.latchkey.cloud.raft.RaftFault;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.protocol.BatchAnswer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The mailboxes and the log before them. Thread-safe. Stages complete on workers, with a refusal where the log does not
 * take the entry.
 */
public final class MailboxLog {
    private final Mailboxes mailboxes;
    private final RaftNode raft;
    private final String group;
    private final Executor workers;

    /** Mailboxes behind the log of a group. */
    public MailboxLog(Mailboxes mailboxes, RaftNode raft, String group, Executor workers) {
        this.mailboxes = mailboxes;
        this.raft = raft;
        this.group = group;
        this.workers = workers;
    }

    /** Whether this node leads the log. */
    public boolean isLed() {
        return raft.isReady(group);
    }

    Mailboxes mailboxes() {
        return mailboxes;
    }

    CompletionStage<BatchAnswer> deliver(MailboxCommand.Deliver command) {
        return onWorkers(mailboxes.deliver(raft, group, command));
    }

    CompletionStage<Void> acknowledge(Bytes owner, long upTo) {
        return onWorkers(mailboxes.acknowledge(raft, group, owner, upTo));
    }

    /** Ends the retention of what was delivered before a moment, entry by entry until there is no more of it. */
    public CompletionStage<Boolean> expire(long beforeMillis) {
        return mailboxes
                .expire(raft, group, beforeMillis)
                .thenComposeAsync(
                        more -> more
                                ? expire(beforeMillis)
                                : java.util.concurrent.CompletableFuture.completedFuture(false),
                        workers);
    }

    private <T> CompletionStage<T> onWorkers(CompletionStage<T> stage) {
        return stage.handleAsync(
                (value, fault) -> {
                    if (fault == null) {
                        return value;
                    }
                    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
                    throw cause instanceof RaftFault ? Refusal.notReady() : new CompletionException(cause);
                },
                workers);
    }
}
