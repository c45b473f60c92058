package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Item;
import dev.latchkey.gateway.inbox.InboundMessage;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.store.Bell;
import dev.latchkey.gateway.uplink.MailboxFollower.Sources;
import dev.latchkey.gateway.uplink.MailboxFollower.StreamBounds;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.FollowedEntry;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
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

/** One of a {@link MailboxFollower}'s streams, with a thread of its own. */
final class MailboxStream implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final int number;
    private final MailboxFollower follower;
    private final Sources sources;
    private final StreamBounds bounds;
    private final Bell changed = new Bell();
    private final AtomicReference<ItemStream> open = new AtomicReference<>();
    private final Loop loop;

    private volatile Opening opening = new Opening();
    private long openedAt; // the loop's thread only

    MailboxStream(int number, MailboxFollower follower, Sources sources, StreamBounds bounds, CloudTiming timing) {
        this.number = number;
        this.follower = follower;
        this.sources = sources;
        this.bounds = bounds;
        this.loop = new Loop("mailbox-follower", this::turn, timing, reason -> {});
    }

    /**
     * What belongs to one opening of the stream. What an earlier one brought may still be on its way to the disk: it must
     * not take the place of what that one left out.
     */
    private static final class Opening {
        /** Ids of the members whose mailboxes the stream brings, by their names; used by the loop's thread only. */
        private final Map<String, Bytes> brought = new HashMap<>();
        /** Ids of the members whose mailboxes wait for room in their inboxes. */
        private final Set<Bytes> held = ConcurrentHashMap.newKeySet();
        /** Whether one of them waits for room that others have to make, or the disk. */
        private volatile boolean crowded;
    }

    void start() {
        loop.start();
    }

    void regroup() {
        changed.ring();
        ItemStream stream = open.get();
        if (stream != null) {
            BlockFollower.closeQuietly(stream);
        }
    }

    void madeRoom(Bytes member) {
        if (opening.held.contains(member) && !sources.inbox().isFull(member)) {
            regroup();
        }
    }

    void lookForRoom() {
        if (opening.crowded && !sources.inbox().isCrowded()) {
            regroup();
        }
    }

    void end() {
        loop.end();
        regroup();
    }

    @Override
    public void close() {
        end();
        loop.close();
    }

    private void turn() throws IOException, InterruptedException {
        // Those who come at about the same time share one opening.
        long left = openedAt + bounds.regroup().toNanos() - System.nanoTime();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left).toMillis() + 1);
        }
        long heard = changed.rings();
        Opening next = new Opening();
        opening = next;
        List<FollowRequest.Cursor> cursors = cursors(next);
        if (cursors.isEmpty()) {
            changed.await(heard, IDLE);
            return;
        }
        openedAt = System.nanoTime();
        sources.cloud().establish();
        try (ItemStream stream = sources.cloud().follow(new FollowRequest(cursors))) {
            open.set(stream);
            if (changed.rings() == heard && !loop.isEnding()) {
                follow(stream, next);
            }
        } catch (IOException e) {
            if (changed.rings() == heard) {
                throw e;
            }
        } finally {
            open.set(null);
        }
    }

    private List<FollowRequest.Cursor> cursors(Opening next) {
        List<FollowRequest.Cursor> cursors = new ArrayList<>();
        for (TicketBook.Served served : follower.servedBy(number)) {
            Bytes id = served.record().id();
            // Held first and then looked at: who makes room in between is heard.
            next.held.add(id);
            if (sources.inbox().isFull(id)) {
                next.crowded |= sources.inbox().isCrowded();
                continue;
            }
            next.held.remove(id);
            if (cursors.size() == bounds.mailboxes()) {
                return follower.overflowed() ? List.of() : cursors;
            }
            String name = served.record().name();
            cursors.add(new FollowRequest.Cursor(name, sources.inbox().cursor(id), served.ticket()));
            next.brought.put(name, id);
        }
        return cursors;
    }

    private void follow(ItemStream stream, Opening of) throws IOException, InterruptedException {
        Optional<Item> item = stream.next();
        while (item.isPresent()) {
            if (!item.get().isNull()) {
                try {
                    take(FollowedEntry.fromItem(item.get()), of);
                } catch (MalformedMessageException e) {
                    throw new IOException("the cloud's mailbox entry is malformed", e);
                }
            }
            item = stream.next();
        }
        throw new IOException("the cloud ended the stream of mailboxes");
    }

    private void take(FollowedEntry one, Opening of) throws IOException, InterruptedException {
        Bytes owner = of.brought.get(one.owner());
        MailboxEntry entry = one.entry();
        if (owner == null) {
            throw new IOException("the cloud sent a mailbox that was not asked for");
        }
        InboundMessage message = new InboundMessage(
                entry.sender(), entry.session(), entry.receivedMillis(), entry.contentFormat(), entry.message());
        sources.store().submitWaiting(draft -> {
            if (of.held.contains(owner) || !servesHere(owner)) {
                return null;
            }
            Inbox.Delivery delivery = sources.inbox().deliverFromCloud(draft, owner, entry.sequence(), message);
            if (delivery == Inbox.Delivery.FULL) {
                // What follows must wait as well, or the cursor would pass over this one.
                of.held.add(owner);
                of.crowded |= sources.inbox().isCrowded() || !sources.inbox().isFull(owner);
            } else if (delivery == Inbox.Delivery.STORED) {
                draft.afterCommit(() -> sources.listener().arrived(List.of(owner)));
            }
            return null;
        });
    }

    private boolean servesHere(Bytes member) {
        return sources.tickets()
                .served(member)
                .filter(served -> served.chain().equals(sources.chain()))
                .isPresent();
    }
}
