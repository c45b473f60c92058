package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The serve tickets that members gave this gateway, in memory and on disk; reading is for any thread. A member with a
 * valid ticket is a served member: its messages may go up, and its inbox is kept here. A ticket is for one chain; who moves
 * to another gives a new one, and the old one goes up with what was accepted before.
 */
public final class TicketBook {
    private final Replicas replicas;
    private final Clock clock;
    private final Map<TicketPlace, HeldTicket> byPlace = new ConcurrentHashMap<>();
    private final PastTickets past;
    private volatile Consumer<ChainId> listener = chain -> {};

    private TicketBook(Replicas replicas, Clock clock, PastTickets past) {
        this.past = past;
        this.replicas = replicas;
        this.clock = clock;
    }

    /** Reads what is on disk. */
    public static TicketBook open(Store store, Replicas replicas, Clock clock) {
        TicketBook book = new TicketBook(replicas, clock, PastTickets.open(store));
        store.scan(Table.TICKETS, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            book.byPlace.put(TicketPlace.decode(key), HeldTicket.decode(value));
            return true;
        });
        return book;
    }

    /**
     * A member that is served here, in the chain in which it is.
     *
     * @param chain the chain
     * @param record its newest verified record there, which is active
     * @param ticket its ticket, which is not over and was signed with the key the member has now
     */
    public record Served(ChainId chain, MemberRecord record, Bytes ticket) {}

    /** The member with an id, if it is served here. */
    public Optional<Served> served(Bytes member) {
        for (Replica replica : replicas.all()) {
            Optional<Served> found = served(new TicketPlace(member, replica.chain()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Whether the member with an id is served here. */
    public boolean serves(Bytes member) {
        return served(member).isPresent();
    }

    /** Whether a member is served here in the chain of this membership. */
    public boolean serves(MemberHandle member) {
        MemberRecord record = member.record();
        HeldTicket held = byPlace.get(new TicketPlace(record.id(), member.chain()));
        return held != null
                && held.notAfterMillis() >= clock.millis()
                && member.isCurrent()
                && held.name().equals(member.name())
                && held.signer().equals(record.keys().sig().kid());
    }

    /** The served members of a chain. */
    public List<Served> servedOf(ChainId chain) {
        List<Served> found = new ArrayList<>();
        for (TicketPlace place : byPlace.keySet()) {
            if (place.chain().equals(chain)) {
                served(place).ifPresent(found::add);
            }
        }
        return found;
    }

    /**
     * The ticket of a member for a chain that was good at a moment, or else its last one. It may be over: a message accepted
     * while it was good still goes up with it.
     *
     * @param momentMillis when something was accepted from the member, milliseconds since 1970
     */
    public Optional<Bytes> ticketAt(ChainId chain, Bytes member, long momentMillis) {
        TicketPlace place = new TicketPlace(member, chain);
        return Optional.ofNullable(byPlace.get(place))
                .map(current -> past.at(place, current, momentMillis).orElse(current))
                .map(HeldTicket::ticket);
    }

    /** Forgets tickets for a chain that newer ones took the place of and that were over before a moment. */
    public CompletableFuture<Void> forgetPast(Store store, ChainId chain, long beforeMillis) {
        return store.submit(draft -> {
            past.forget(draft, chain, beforeMillis);
            return null;
        });
    }

    /** When the last ticket of a member for a chain ends or ended, milliseconds since 1970; empty if it gave none. */
    public OptionalLong validUntilMillis(ChainId chain, Bytes member) {
        HeldTicket held = byPlace.get(new TicketPlace(member, chain));
        return held == null ? OptionalLong.empty() : OptionalLong.of(held.notAfterMillis());
    }

    /** Called, on the store's thread, when there is a new ticket for a chain. */
    public void onNewTicket(Consumer<ChainId> newListener) {
        listener = newListener;
    }

    /** Keeps a verified ticket unless there is one that lasts longer. */
    void keep(Draft draft, MemberHandle member, Bytes ticket, long notAfterMillis, KeyId signer) {
        TicketPlace place = new TicketPlace(member.id(), member.chain());
        HeldTicket before = byPlace.get(place);
        if (served(place).isPresent() && before.notAfterMillis() >= notAfterMillis) {
            return;
        }
        HeldTicket held = new HeldTicket(notAfterMillis, signer, member.name(), ticket);
        if (before != null) {
            past.add(draft, place, before, held, clock.millis());
        }
        draft.put(Table.TICKETS, place.encode(), held.encode());
        draft.afterCommit(() -> {
            byPlace.put(place, held);
            listener.accept(place.chain());
        });
    }

    private Optional<Served> served(TicketPlace place) {
        HeldTicket held = byPlace.get(place);
        if (held == null || held.notAfterMillis() < clock.millis()) {
            return Optional.empty();
        }
        return replicas.record(place.chain(), held.name())
                .filter(MemberRecord::isActive)
                .filter(record -> record.id().equals(place.member()))
                .filter(record -> record.keys().sig().kid().equals(held.signer()))
                .map(record -> new Served(place.chain(), record, held.ticket()));
    }
}
