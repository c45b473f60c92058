package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Item;
import dev.latchkey.gateway.inbox.InboundMessage;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.InboxListener;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.store.Bell;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.FollowedEntry;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Brings the mailboxes of a chain's served members from the cloud into their inboxes, over one stream for all of them; runs a
 * thread of its own. When a member is served anew, or has made room in a full inbox, the stream is opened again with
 * the cursors on disk.
 */
public final class MailboxFollower implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ChainId chain;
    private final CloudClient cloud;
    private final Store store;
    private final Inbox inbox;
    private final TicketBook tickets;
    private final InboxListener listener;
    private final Duration regroup;
    private final Bell changed = new Bell();
    private final AtomicReference<ItemStream> open = new AtomicReference<>();
    private final Set<Bytes> held = ConcurrentHashMap.newKeySet();
    private final Loop loop;
    /** Ids of the members whose mailboxes the stream brings, by their names; used by the loop's thread only. */
    private final Map<String, Bytes> followed = new HashMap<>();

    private volatile long regrouped;

    /**
     * Makes a follower.
     *
     * @param regroup least time between two openings of the stream: members that come together share one
     */
    public MailboxFollower(
            ChainId chain,
            CloudClient cloud,
            Store store,
            Inbox inbox,
            TicketBook tickets,
            InboxListener listener,
            Duration regroup,
            CloudTiming timing) {
        this.chain = chain;
        this.cloud = cloud;
        this.store = store;
        this.inbox = inbox;
        this.tickets = tickets;
        this.listener = listener;
        this.regroup = regroup;
        this.loop = new Loop("mailbox-follower", this::turn, timing, reason -> {});
    }

    public void start() {
        loop.start();
    }

    /** The set of mailboxes to follow has changed; never blocks. */
    public void regroup() {
        changed.ring();
        ItemStream stream = open.get();
        if (stream != null) {
            BlockFollower.closeQuietly(stream);
        }
    }

    /** The member with an id has read some of its inbox; never blocks for longer than one look at it. */
    public void madeRoom(Bytes member) {
        if (held.contains(member) && !inbox.isFull(member)) {
            regroup();
        }
    }

    @Override
    public void close() {
        loop.end();
        regroup();
        loop.close();
    }

    private void turn() throws IOException, InterruptedException {
        // Those who come at about the same time share one opening.
        long left = regrouped + regroup.toNanos() - System.nanoTime();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left).toMillis() + 1);
        }
        long heard = changed.rings();
        List<FollowRequest.Cursor> cursors = cursors();
        if (cursors.isEmpty()) {
            changed.await(heard, IDLE);
            return;
        }
        regrouped = System.nanoTime();
        cloud.establish();
        try (ItemStream stream = cloud.follow(new FollowRequest(cursors))) {
            open.set(stream);
            if (changed.rings() == heard && !loop.isEnding()) {
                follow(stream);
            }
        } catch (IOException e) {
            if (changed.rings() == heard) {
                throw e;
            }
        } finally {
            open.set(null);
        }
    }

    private boolean servesHere(Bytes member) {
        return tickets.served(member)
                .filter(served -> served.chain().equals(chain))
                .isPresent();
    }

    private List<FollowRequest.Cursor> cursors() {
        List<FollowRequest.Cursor> cursors = new ArrayList<>();
        followed.clear();
        for (TicketBook.Served served : tickets.servedOf(chain)) {
            Bytes id = served.record().id();
            if (!inbox.isFull(id) && cursors.size() < FollowRequest.MAX_CURSORS) {
                String name = served.record().name();
                cursors.add(new FollowRequest.Cursor(name, inbox.cursor(id), served.ticket()));
                followed.put(name, id);
            }
        }
        return cursors;
    }

    private void follow(ItemStream stream) throws IOException, InterruptedException {
        held.clear();
        Optional<Item> item = stream.next();
        while (item.isPresent()) {
            if (!item.get().isNull()) {
                try {
                    take(FollowedEntry.fromItem(item.get()));
                } catch (MalformedMessageException e) {
                    throw new IOException("the cloud's mailbox entry is malformed", e);
                }
            }
            item = stream.next();
        }
        throw new IOException("the cloud ended the stream of mailboxes");
    }

    private void take(FollowedEntry one) throws IOException, InterruptedException {
        Bytes owner = followed.get(one.owner());
        MailboxEntry entry = one.entry();
        if (owner == null) {
            throw new IOException("the cloud sent a mailbox that was not asked for");
        }
        InboundMessage message = new InboundMessage(
                entry.sender(), entry.session(), entry.receivedMillis(), entry.contentFormat(), entry.message());
        store.submitWaiting(draft -> {
            if (held.contains(owner) || !servesHere(owner)) {
                return null;
            }
            Inbox.Delivery delivery = inbox.deliverFromCloud(draft, owner, entry.sequence(), message);
            if (delivery == Inbox.Delivery.FULL) {
                // What follows must wait as well, or the cursor would pass over this one.
                held.add(owner);
            } else if (delivery == Inbox.Delivery.STORED) {
                draft.afterCommit(() -> listener.arrived(List.of(owner)));
            }
            return null;
        });
    }
}
