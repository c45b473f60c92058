package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cloud.chain.Bell;
import dev.latchkey.cloud.http.Pieces;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.cloud.mailbox.Mailboxes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The stream of one mailbox, as mailbox entries, or of several, as followed entries. For one stream; its methods are
 * called by turns, arrivals come from the updater.
 */
final class MailboxPieces implements Pieces {
    private static final int PIECE_ENTRIES = 256;
    private static final int PIECE_BYTES = 256 * 1024;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final Bytes ARRAY_OF_TWO = Bytes.of((byte) 0x82);
    private static final Bytes KEEP_ALIVE = Cbor.encode(Cbor.NULL);

    private final Map<Bytes, FollowedBox> boxes = new ConcurrentHashMap<>();
    private final Map<Bytes, Long> cursors = new HashMap<>();
    private final Set<Bytes> pending = ConcurrentHashMap.newKeySet();
    private final Bell bell = new Bell();
    private final Consumer<Bytes> listener = this::arrived;
    private final boolean named;
    private final MailboxShards mailboxes;
    private final Streams streams;
    private final Executor workers;
    private long spokeNanos = System.nanoTime();

    MailboxPieces(
            List<FollowedBox> followed, boolean named, MailboxShards mailboxes, Streams streams, Executor workers) {
        this.named = named;
        this.mailboxes = mailboxes;
        this.streams = streams;
        this.workers = workers;
        for (FollowedBox box : followed) {
            boxes.put(box.ownerId(), box);
            cursors.put(box.ownerId(), box.after());
            mailboxes.listen(box.ownerId(), listener);
        }
        pending.addAll(boxes.keySet());
        streams.add(bell);
    }

    private void arrived(Bytes owner) {
        pending.add(owner);
        bell.ring();
    }

    @Override
    public CompletionStage<Optional<Bytes>> next() {
        CompletableFuture<Void> change = bell.next();
        if (!streams.isOpen()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        List<Bytes> piece = gathered();
        if (piece.isEmpty() && System.nanoTime() - spokeNanos > QUIET_NANOS) {
            dropForbidden();
            piece.add(KEEP_ALIVE);
        }
        if (boxes.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        if (piece.isEmpty()) {
            return change.thenComposeAsync(rung -> next(), workers);
        }
        spokeNanos = System.nanoTime();
        return CompletableFuture.completedFuture(Optional.of(Bytes.concat(piece.toArray(Bytes[]::new))));
    }

    private List<Bytes> gathered() {
        List<Bytes> piece = new ArrayList<>();
        int bytes = 0;
        Iterator<Bytes> owners = List.copyOf(pending).iterator();
        while (owners.hasNext() && bytes < PIECE_BYTES) {
            Bytes owner = owners.next();
            pending.remove(owner); // before the look, so that what arrives after it is not missed
            for (Bytes entry : fresh(owner)) {
                piece.add(named ? Bytes.concat(ARRAY_OF_TWO, name(owner), entry) : entry);
                bytes += entry.size();
            }
        }
        return piece;
    }

    private List<Bytes> fresh(Bytes owner) {
        FollowedBox box = boxes.get(owner);
        if (box == null) {
            return List.of();
        }
        if (!box.allowed().getAsBoolean()) {
            drop(owner);
            return List.of();
        }
        List<Bytes> entries = mailboxes.read(owner, cursors.get(owner), PIECE_ENTRIES, PIECE_BYTES);
        if (!entries.isEmpty()) {
            Bytes last = entries.get(entries.size() - 1);
            cursors.put(owner, Mailboxes.decoded(last).sequence());
            pending.add(owner); // there may be more
        }
        return entries;
    }

    private Bytes name(Bytes owner) {
        return Cbor.encode(Cbor.text(boxes.get(owner).owner()));
    }

    private void dropForbidden() {
        for (FollowedBox box : List.copyOf(boxes.values())) {
            if (!box.allowed().getAsBoolean()) {
                drop(box.ownerId());
            }
        }
    }

    private void drop(Bytes owner) {
        boxes.remove(owner);
        mailboxes.remove(owner, listener);
    }

    @Override
    public void close() {
        streams.remove(bell);
        boxes.keySet().forEach(owner -> mailboxes.remove(owner, listener));
    }
}
