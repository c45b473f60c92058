package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tickets whose place newer ones took. The cloud judges a message by the ticket that was good when it was accepted, and one
 * that is good for 7 days says nothing of a message that waited longer: so the older ones are kept while such a message
 * may still wait. Reading is for any thread.
 */
final class PastTickets {
    /** Most of one place: with two a week, what a year of absence leaves. */
    private static final int MAX_KEPT = 128;

    private static final int KEY_BYTES = MemberRecord.ID_BYTES + 32;

    private final Map<TicketPlace, List<Past>> byPlace = new ConcurrentHashMap<>();

    /**
     * One of them.
     *
     * @param untilMillis when another one took its place
     */
    private record Past(long untilMillis, HeldTicket held) {
        boolean isLike(Past other) {
            return held.signer().equals(other.held.signer());
        }
    }

    /** Reads what is on disk. */
    static PastTickets open(Store store) {
        PastTickets past = new PastTickets();
        store.scan(Table.PAST_TICKETS, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            TicketPlace place = TicketPlace.decode(key.slice(0, KEY_BYTES));
            past.byPlace
                    .computeIfAbsent(place, one -> new ArrayList<>())
                    .add(new Past(Key.lastNumber(key), HeldTicket.decode(value)));
            return true;
        });
        past.byPlace.replaceAll((place, found) -> List.copyOf(found));
        return past;
    }

    /** A newer ticket takes the place of one. */
    void add(Draft draft, TicketPlace place, HeldTicket replaced, HeldTicket newer, long nowMillis) {
        List<Past> kept = new ArrayList<>(byPlace.getOrDefault(place, List.of()));
        long last = kept.isEmpty() ? 0 : kept.get(kept.size() - 1).untilMillis();
        Past next = new Past(Math.max(nowMillis, last + 1), replaced);
        kept.add(next);
        draft.put(Table.PAST_TICKETS, key(place, next), replaced.encode());
        // What the one before it and the newer one are good for together leaves nothing to the one between them.
        if (kept.size() > 1) {
            Past before = kept.get(kept.size() - 2);
            boolean sameSigner = before.isLike(next) && newer.signer().equals(replaced.signer());
            if (sameSigner && newer.isGoodAt(before.held().notAfterMillis())) {
                kept.set(kept.size() - 2, new Past(next.untilMillis(), before.held()));
                kept.remove(kept.size() - 1);
                draft.delete(Table.PAST_TICKETS, key(place, before));
                draft.put(Table.PAST_TICKETS, key(place, next), before.held().encode());
            }
        }
        if (kept.size() > MAX_KEPT) {
            draft.delete(Table.PAST_TICKETS, key(place, kept.remove(0)));
        }
        List<Past> result = List.copyOf(kept);
        draft.afterCommit(() -> byPlace.put(place, result));
    }

    /** The ticket under which something was accepted, if a newer one took its place since or is not good for that moment. */
    Optional<HeldTicket> at(TicketPlace place, HeldTicket current, long momentMillis) {
        List<Past> kept = byPlace.getOrDefault(place, List.of());
        // Plain loops: this is asked for each message that goes up.
        KeyId signer = current.signer();
        for (Past past : kept) {
            if (past.untilMillis() >= momentMillis) {
                signer = past.held().signer();
                break;
            }
        }
        if (current.signer().equals(signer) && current.isGoodAt(momentMillis)) {
            return Optional.of(current);
        }
        for (int i = kept.size() - 1; i >= 0; i--) {
            HeldTicket held = kept.get(i).held();
            if (held.signer().equals(signer) && held.isGoodAt(momentMillis)) {
                return Optional.of(held);
            }
        }
        return Optional.empty();
    }

    /** Forgets those that were over before a moment. */
    void forget(Draft draft, ChainId chain, long beforeMillis) {
        byPlace.forEach((place, kept) -> {
            if (place.chain().equals(chain)) {
                forget(draft, place, kept, beforeMillis);
            }
        });
    }

    private void forget(Draft draft, TicketPlace place, List<Past> kept, long beforeMillis) {
        List<Past> left = new ArrayList<>(kept);
        left.removeIf(past -> past.held().notAfterMillis() < beforeMillis);
        if (left.size() == kept.size()) {
            return;
        }
        kept.stream()
                .filter(past -> !left.contains(past))
                .forEach(past -> draft.delete(Table.PAST_TICKETS, key(place, past)));
        draft.afterCommit(() -> {
            if (left.isEmpty()) {
                byPlace.remove(place, kept);
            } else {
                byPlace.replace(place, kept, List.copyOf(left));
            }
        });
    }

    private static Bytes key(TicketPlace place, Past past) {
        return Bytes.concat(place.encode(), Key.of(past.untilMillis()));
    }
}
