package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.InboxListener;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.transaction.ChainId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the mailboxes of a chain's served members from the cloud into their inboxes, over one stream for all of them, or
 * over more when they are too many for one. When a member is served anew, or has made room in a full inbox, the streams
 * are opened again with the cursors on disk.
 */
public final class MailboxFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxFollower.class);
    private static final int MOST_STREAMS = 64;

    /**
     * What one stream of mailboxes may be.
     *
     * @param regroup least time between two openings of a stream: members that come together share one
     * @param mailboxes how many it brings at most, up to {@link FollowRequest#MAX_CURSORS}
     */
    public record StreamBounds(Duration regroup, int mailboxes) {}

    private final Sources sources;
    private final StreamBounds bounds;
    private final CloudTiming timing;
    /** Each brings the members whose ids fall to it; their number is a power of two. */
    private volatile List<MailboxStream> streams;

    private boolean closed; // guarded by this

    /** What a stream reads from and writes to. */
    record Sources(
            ChainId chain, CloudClient cloud, Store store, Inbox inbox, TicketBook tickets, InboxListener listener) {}

    /** Makes a follower. */
    public MailboxFollower(
            ChainId chain,
            CloudClient cloud,
            Store store,
            Inbox inbox,
            TicketBook tickets,
            InboxListener listener,
            StreamBounds bounds,
            CloudTiming timing) {
        this.sources = new Sources(chain, cloud, store, inbox, tickets, listener);
        this.bounds = bounds;
        this.timing = timing;
        this.streams = List.of(new MailboxStream(0, this, sources, bounds, timing));
    }

    public void start() {
        streams.forEach(MailboxStream::start);
    }

    /** The set of mailboxes to follow has changed; never blocks. */
    public void regroup() {
        streams.forEach(MailboxStream::regroup);
    }

    /** The member with an id has read some of its inbox; never blocks for longer than one look at it. */
    public void madeRoom(Bytes member) {
        streams.forEach(stream -> stream.madeRoom(member));
    }

    /** Opens the streams again if mailboxes waited for room that is there now, whoever made it. */
    public void lookForRoom() {
        streams.forEach(MailboxStream::lookForRoom);
    }

    @Override
    public void close() {
        List<MailboxStream> all;
        synchronized (this) {
            closed = true;
            all = streams;
        }
        all.forEach(MailboxStream::end);
        all.forEach(MailboxStream::close);
    }

    /** The members that fall to one of the streams. */
    List<TicketBook.Served> servedBy(int stream) {
        int all = streams.size();
        return sources.tickets().servedOf(sources.chain()).stream()
                .filter(served -> Math.floorMod(served.record().id().hashCode(), all) == stream)
                .toList();
    }

    /**
     * A stream has more members than it may bring.
     *
     * @return whether twice as many streams share them from now on; false if there are as many as there may be
     */
    boolean overflowed() {
        synchronized (this) {
            int now = streams.size();
            if (closed || now == MOST_STREAMS) {
                LOG.warn("more members are served than there may be streams for; the mailboxes of the rest wait");
                return false;
            }
            List<MailboxStream> all = new ArrayList<>(streams);
            for (int i = now; i < 2 * now; i++) {
                MailboxStream another = new MailboxStream(i, this, sources, bounds, timing);
                all.add(another);
                another.start();
            }
            streams = List.copyOf(all);
        }
        regroup();
        return true;
    }
}
