package dev.latchkey.cloud.raft;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the members of a group hear at once up to where its log is committed. They hear it with the next entry; where none
 * follows, they would with the next heartbeat only, and would apply, sign and let read that much later. For the member that
 * leads. Thread-safe.
 *
 * <p>A heartbeat at once, which Ratis sends when it is asked to read, tells those that have the entry on disk by then. For
 * who has it there a moment later an empty entry follows.
 */
final class CommitNews {
    private static final Logger LOG = LoggerFactory.getLogger(CommitNews.class);

    /** More than a sync takes, and so little that nobody notices. */
    private static final long SOON_MILLIS = 20;

    private final Runnable heartbeat;
    private final Runnable emptyEntry;
    private final BooleanSupplier someLag;
    private final Executor soon = CompletableFuture.delayedExecutor(SOON_MILLIS, TimeUnit.MILLISECONDS);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong entries = new AtomicLong();

    /**
     * News of one group.
     *
     * @param heartbeat has heartbeats sent, unless they were for the same commit
     * @param emptyEntry puts an empty entry into the log
     * @param someLag whether a member that answers knows less than is committed
     */
    CommitNews(Runnable heartbeat, Runnable emptyEntry, BooleanSupplier someLag) {
        this.heartbeat = heartbeat;
        this.emptyEntry = emptyEntry;
        this.someLag = someLag;
    }

    /** An entry goes into the log. */
    void begun() {
        entries.incrementAndGet();
        underWay.incrementAndGet();
    }

    /** It is in, and committed, or failed. */
    void ended(boolean committed) {
        if (underWay.decrementAndGet() == 0 && committed) {
            long last = entries.get();
            heartbeat.run();
            soon.execute(() -> follow(last));
        }
    }

    private void follow(long last) {
        try {
            if (entries.get() == last && someLag.getAsBoolean()) {
                emptyEntry.run();
            }
        } catch (RuntimeException e) {
            LOG.debug("the others hear with the next heartbeat what is committed", e);
        }
    }
}
