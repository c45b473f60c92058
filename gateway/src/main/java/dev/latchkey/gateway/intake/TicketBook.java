package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.replica.MemberIndex;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.transaction.MemberRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The serve tickets that members gave this gateway, in memory and on disk; reading is for any thread. A member with a
 * valid ticket is a served member: its messages may go up, and its inbox is kept here.
 */
public final class TicketBook {
    private final MemberIndex members;
    private final Clock clock;
    private final Map<String, Held> byMember = new ConcurrentHashMap<>();
    private volatile Runnable listener = () -> {};

    private TicketBook(MemberIndex members, Clock clock) {
        this.members = members;
        this.clock = clock;
    }

    /** Reads what is on disk. */
    public static TicketBook open(Store store, MemberIndex members, Clock clock) {
        TicketBook book = new TicketBook(members, clock);
        store.scan(Table.TICKETS, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            book.byMember.put(key.slice(0, key.size() - 1).toUtf8(), Held.decode(value));
            return true;
        });
        return book;
    }

    /** The ticket of an active member, if it is not over and was signed with the key the member has now. */
    public Optional<Bytes> ticket(String member) {
        Held held = byMember.get(member);
        if (held == null || held.notAfterMillis() < clock.millis()) {
            return Optional.empty();
        }
        return members.byName(member)
                .filter(MemberRecord::isActive)
                .filter(record -> record.keys().sig().kid().equals(held.signer()))
                .map(record -> held.ticket());
    }

    /** The last ticket of a member, which may be over: a message accepted while it was good still goes up with it. */
    public Optional<Bytes> lastTicket(String member) {
        return Optional.ofNullable(byMember.get(member)).map(Held::ticket);
    }

    /** Whether a member is served here. */
    public boolean serves(String member) {
        return ticket(member).isPresent();
    }

    /** The served members. */
    public List<String> served() {
        List<String> names = new ArrayList<>(byMember.keySet());
        names.removeIf(name -> !serves(name));
        return names;
    }

    /** Called, on the store's thread, when there is a new ticket. */
    public void onNewTicket(Runnable newListener) {
        listener = newListener;
    }

    /** Keeps a verified ticket unless there is one that lasts longer. */
    void keep(Draft draft, String member, Bytes ticket, long notAfterMillis, KeyId signer) {
        Held before = byMember.get(member);
        if (serves(member) && before.notAfterMillis() >= notAfterMillis) {
            return;
        }
        Held held = new Held(notAfterMillis, signer, ticket);
        draft.put(Table.TICKETS, Key.of(member), held.encode());
        draft.afterCommit(() -> {
            byMember.put(member, held);
            listener.run();
        });
    }

    private record Held(long notAfterMillis, KeyId signer, Bytes ticket) {
        private static final int TICKET_AT = Long.BYTES + KeyId.SIZE;

        static Held decode(Bytes row) {
            return new Held(
                    Key.lastNumber(row.slice(0, Long.BYTES)),
                    new KeyId(row.slice(Long.BYTES, TICKET_AT)),
                    row.slice(TICKET_AT, row.size()));
        }

        Bytes encode() {
            return Key.start()
                    .number(notAfterMillis)
                    .bytes(signer.value())
                    .bytes(ticket)
                    .end();
        }
    }
}
