package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.envelope.ReadingHead;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The sessions that are open at this gateway, and which Partial IVs each member has used in them. Everything but the
 * sweep belongs into a unit of the store. Bounded: an author that opens one more than its share ends its oldest.
 */
final class Sessions {
    private static final int SWEEP_ROWS = 512;

    /** A device uses a session for 24 hours by its own clock. */
    private static final Duration IN_USE = Duration.ofHours(25);

    private final Store store;
    private final int maxPerAuthor;
    private final Duration retention;
    private final SessionsInUse inUse = new SessionsInUse();
    /** Written by the store's thread only. */
    private volatile long open;

    private Sessions(Store store, int maxPerAuthor, Duration retention) {
        this.store = store;
        this.maxPerAuthor = maxPerAuthor;
        this.retention = retention;
    }

    static Sessions open(Store store, int maxPerAuthor, Duration retention) {
        Sessions sessions = new Sessions(store, maxPerAuthor, retention);
        store.scan(Table.SESSIONS, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            sessions.open++;
            return true;
        });
        return sessions;
    }

    long count() {
        return open;
    }

    long countOf(Bytes author) {
        long[] found = {0};
        store.scan(Table.SESSION_AUTHORS, author, author, (key, value) -> {
            found[0]++;
            return true;
        });
        return found[0];
    }

    /** A session by its whole id. */
    Optional<Session> find(Draft draft, Digest id) {
        return draft.get(Table.SESSIONS, id.bytes()).map(row -> Session.decode(id, row));
    }

    /** The id that begins with these bytes of a member's session, which may be over. */
    Optional<Digest> idOf(Draft draft, Bytes tag, Bytes member) {
        return draft.get(Table.SESSION_KIDS, kidKey(tag, member)).map(row -> Digest.of(row.slice(0, Digest.SIZE)));
    }

    /** The open session that begins with these bytes and that a member belongs to. */
    Optional<SessionsInUse.Use> use(Draft draft, Bytes tag, Bytes member) {
        Optional<SessionsInUse.Use> known = inUse.find(tag, member);
        return known.isPresent()
                ? known
                : idOf(draft, tag, member).flatMap(id -> find(draft, id)).map(session -> begin(draft, session, member));
    }

    private SessionsInUse.Use begin(Draft draft, Session session, Bytes member) {
        Bytes mine = Bytes.concat(session.id().bytes(), member);
        int highest = draft.lastKey(Table.SEEN, mine)
                .map(key -> (key.get(mine.size()) & 0xff) << 8 | key.get(mine.size() + 1) & 0xff)
                .orElse(-1);
        SessionsInUse.Use use = new SessionsInUse.Use(Passage.of(session, member), highest);
        inUse.keep(member, use);
        return use;
    }

    /** Why a reading is not taken whose session is not open, or is another one; empty if it was taken while it was. */
    Optional<Refusal> refusal(Draft draft, ReadingHead head, Bytes member, Bytes digest, Optional<Digest> meant) {
        Optional<Digest> id = idOf(draft, head.sessionTag(), member);
        if (meant.isPresent() && !meant.equals(id)) {
            return Optional.of(Refusal.UNKNOWN_SESSION);
        }
        if (id.isEmpty()) {
            return Optional.of(isKnownTag(draft, head.sessionTag()) ? Refusal.WRONG_SENDER : Refusal.UNKNOWN_SESSION);
        }
        // Else its sender seals it once more, and it is delivered twice.
        Optional<Bytes> before = seen(draft, id.get(), member, head.partialIv());
        return before.filter(digest::equals).isPresent() ? Optional.empty() : Optional.of(Refusal.UNKNOWN_SESSION);
    }

    /** Whether anybody's session begins with these bytes. */
    boolean isKnownTag(Draft draft, Bytes tag) {
        boolean[] found = {false};
        draft.scan(Table.SESSION_KIDS, tag, tag, (key, value) -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    /**
     * Whether a member of a session has another one that begins alike, or had one that it may not know to be over: what it
     * still sends in that one would be taken for a reading of this.
     */
    boolean isTagTaken(Draft draft, Session session) {
        return session.parties().stream()
                .anyMatch(party -> draft.get(Table.SESSION_KIDS, kidKey(session.tag(), party.id()))
                        .isPresent());
    }

    /** Opens a session whose first bytes are not taken. */
    void add(Draft draft, Session session) {
        endOldestOf(draft, session.author().id());
        inUse.forget(session);
        draft.put(Table.SESSIONS, session.id().bytes(), session.encode());
        draft.put(Table.SESSION_AUTHORS, authorKey(session), Bytes.EMPTY);
        for (Party party : session.parties()) {
            draft.put(
                    Table.SESSION_KIDS,
                    kidKey(session.tag(), party.id()),
                    session.id().bytes());
        }
        open++;
        draft.onUndo(() -> open--);
    }

    /** Ends a session; its first bytes and the Partial IVs used in it are forgotten by the sweep. */
    void end(Draft draft, Session session) {
        inUse.forget(session);
        draft.delete(Table.SESSIONS, session.id().bytes());
        draft.delete(Table.SESSION_AUTHORS, authorKey(session));
        for (Party party : session.parties()) {
            draft.put(
                    Table.SESSION_KIDS,
                    kidKey(session.tag(), party.id()),
                    Key.start()
                            .bytes(session.id().bytes())
                            .number(session.createdMillis())
                            .end());
            Inbox.forgetOpener(draft, party.id(), session.id());
        }
        open--;
        draft.onUndo(() -> open++);
    }

    /** The digest of the reading that a member sent under a Partial IV. */
    Optional<Bytes> seen(Draft draft, Digest session, Bytes sender, int partialIv) {
        return draft.get(Table.SEEN, seenKey(session, sender, partialIv));
    }

    /** As {@link #seen(Draft, Digest, Bytes, int)}, without a look at the disk where it needs none. */
    Optional<Bytes> seen(Draft draft, SessionsInUse.Use use, Bytes sender, int partialIv) {
        return use.mayBeSeen(partialIv) ? seen(draft, use.session().id(), sender, partialIv) : Optional.empty();
    }

    void see(Draft draft, Digest session, Bytes sender, int partialIv, Bytes digest) {
        draft.put(Table.SEEN, seenKey(session, sender, partialIv), digest);
    }

    /** The digest of the signed digest that begins with a Partial IV. */
    Optional<Bytes> signedBefore(Draft draft, Digest session, Bytes sender, int first) {
        return draft.get(Table.SEEN, signedKey(session, sender, first));
    }

    void sign(Draft draft, Digest session, Bytes sender, int first, Bytes digest) {
        draft.put(Table.SEEN, signedKey(session, sender, first), digest);
    }

    /**
     * Ends sessions that are older than the retention and forgets Partial IVs of ended ones, a bounded number of rows
     * for each unit so that nobody waits for it.
     */
    CompletableFuture<Void> sweep(long nowMillis) {
        return sweepSessions(nowMillis - retention.toMillis(), Bytes.EMPTY)
                .thenCompose(done -> sweepKids(nowMillis - IN_USE.toMillis(), Bytes.EMPTY))
                .thenCompose(done -> sweepSeen(Bytes.EMPTY));
    }

    /** First bytes of sessions that are over and that nobody sends in any more. */
    private CompletableFuture<Void> sweepKids(long olderThan, Bytes from) {
        return store.<Optional<Bytes>>submit(draft -> {
                    List<Bytes> old = new ArrayList<>();
                    List<Bytes> page = new ArrayList<>();
                    draft.scan(Table.SESSION_KIDS, Bytes.EMPTY, from, (key, value) -> {
                        page.add(key);
                        if (value.size() > Digest.SIZE && Key.lastNumber(value) < olderThan) {
                            old.add(key);
                        }
                        return page.size() < SWEEP_ROWS;
                    });
                    old.forEach(key -> draft.delete(Table.SESSION_KIDS, key));
                    return next(page.size(), page.isEmpty() ? from : page.get(page.size() - 1));
                })
                .thenCompose(next ->
                        next.isPresent() ? sweepKids(olderThan, next.get()) : CompletableFuture.completedFuture(null));
    }

    private CompletableFuture<Void> sweepSessions(long olderThan, Bytes from) {
        return store.<Optional<Bytes>>submit(draft -> {
                    List<Session> page = new ArrayList<>();
                    draft.scan(Table.SESSIONS, Bytes.EMPTY, from, (key, value) -> {
                        page.add(Session.decode(Digest.of(key), value));
                        return page.size() < SWEEP_ROWS;
                    });
                    page.stream()
                            .filter(session -> session.createdMillis() < olderThan)
                            .forEach(session -> end(draft, session));
                    return next(
                            page.size(),
                            page.isEmpty()
                                    ? from
                                    : page.get(page.size() - 1).id().bytes());
                })
                .thenCompose(next -> next.isPresent()
                        ? sweepSessions(olderThan, next.get())
                        : CompletableFuture.completedFuture(null));
    }

    private CompletableFuture<Void> sweepSeen(Bytes from) {
        return store.<Optional<Bytes>>submit(draft -> {
                    List<Bytes> page = new ArrayList<>();
                    draft.scan(Table.SEEN, Bytes.EMPTY, from, (key, value) -> {
                        page.add(key);
                        return page.size() < SWEEP_ROWS;
                    });
                    Bytes known = Bytes.EMPTY;
                    for (Bytes key : page) {
                        Bytes id = key.slice(0, Digest.SIZE);
                        if (!id.equals(known) && draft.get(Table.SESSIONS, id).isPresent()) {
                            known = id;
                        }
                        if (!id.equals(known)) {
                            draft.delete(Table.SEEN, key);
                        }
                    }
                    return next(page.size(), page.isEmpty() ? from : page.get(page.size() - 1));
                })
                .thenCompose(
                        next -> next.isPresent() ? sweepSeen(next.get()) : CompletableFuture.completedFuture(null));
    }

    /** Where the next page starts, if this one was full: right behind its last key. */
    private static Optional<Bytes> next(int rows, Bytes last) {
        return rows < SWEEP_ROWS ? Optional.empty() : Optional.of(Bytes.concat(last, Bytes.of((byte) 0)));
    }

    private void endOldestOf(Draft draft, Bytes author) {
        List<Bytes> keys = new ArrayList<>();
        draft.scan(Table.SESSION_AUTHORS, author, author, (key, value) -> keys.add(key));
        for (int i = 0; i <= keys.size() - maxPerAuthor; i++) {
            Bytes key = keys.get(i);
            find(draft, Digest.of(key.slice(key.size() - Digest.SIZE, key.size())))
                    .ifPresent(oldest -> end(draft, oldest));
        }
    }

    private static Bytes kidKey(Bytes tag, Bytes member) {
        return Key.start().bytes(tag).bytes(member).end();
    }

    private static Bytes authorKey(Session session) {
        return Key.start()
                .bytes(session.author().id())
                .number(session.createdMillis())
                .bytes(session.id().bytes())
                .end();
    }

    /** Longer than the key of a reading by what comes behind. */
    private static Bytes signedKey(Digest session, Bytes sender, int first) {
        return Key.start().bytes(seenKey(session, sender, first)).octet(0).end();
    }

    private static Bytes seenKey(Digest session, Bytes sender, int partialIv) {
        return Key.start()
                .bytes(session.bytes())
                .bytes(sender)
                .octet(partialIv >> 8)
                .octet(partialIv)
                .end();
    }
}
