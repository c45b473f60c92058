package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.chain.ScrubSettings;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.cloud.mailbox.StateDigests;
import dev.latchkey.cloud.raft.RaftNode;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the members of a cluster compare their mailboxes, some rows at a time: whoever leads a group proposes the next turn,
 * each member puts into the log what it found. Thread-safe.
 */
public final class MailboxTurns {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxTurns.class);

    private final RaftNode raft;
    private final RaftNode.Forwarder forwarder;
    private final ScrubSettings settings;
    private final Executor workers;

    private MailboxTurns(RaftNode raft, RaftNode.Forwarder forwarder, ScrubSettings settings, Executor workers) {
        this.raft = raft;
        this.forwarder = forwarder;
        this.settings = settings;
        this.workers = workers;
    }

    /** Begins to; does nothing where the settings say so. */
    public static void start(
            MailboxShards shards,
            RaftNode raft,
            RaftNode.Forwarder forwarder,
            ScrubSettings settings,
            Executor workers,
            ScheduledExecutorService timer) {
        MailboxTurns turns = new MailboxTurns(raft, forwarder, settings, workers);
        for (MailboxShards.Shard shard : shards.all()) {
            shard.mailboxes().digests().join(turns.group(shard.group()));
            if (settings.rows() > 0) {
                long millis = settings.every().toMillis();
                timer.scheduleWithFixedDelay(() -> turns.propose(shard), millis, millis, TimeUnit.MILLISECONDS);
            }
        }
    }

    private StateDigests.Group group(String name) {
        return new StateDigests.Group(
                name,
                raft.membership().self(),
                () -> raft.membership().members(name).size(),
                entry -> submit(name, entry));
    }

    private void propose(MailboxShards.Shard shard) {
        try {
            if (raft.isReady(shard.group())) {
                submit(shard.group(), shard.mailboxes().digests().nextTurn(settings.rows()));
            }
        } catch (RuntimeException e) {
            LOG.debug("the mailboxes are not compared now", e);
        }
    }

    /** What is lost is not missed: there is a next turn. */
    private void submit(String group, Bytes entry) {
        try {
            workers.execute(() -> raft.submit(group, entry, Optional.of(forwarder))
                    .whenComplete((reply, fault) -> {
                        if (fault != null) {
                            LOG.debug("a comparison of mailboxes did not come into the log", fault);
                        }
                    }));
        } catch (RuntimeException e) {
            LOG.debug("the node stops; the mailboxes are not compared", e);
        }
    }
}
