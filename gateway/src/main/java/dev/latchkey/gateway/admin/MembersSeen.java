package dev.latchkey.gateway.admin;

import dev.latchkey.coap.Peer;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.tree.MessageTally;
import dev.latchkey.transaction.ChainId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The members that made a request since the start, with what they brought; safe for use by many threads. It is bounded: when
 * there are too many the eighth that was silent longest is forgotten.
 */
public final class MembersSeen implements MessageTally {
    private static final int FORGOTTEN_SHARE = 8;

    private final int most;
    private final Clock clock;
    private final Map<Place, Seen> byPlace = new ConcurrentHashMap<>();
    private final ReentrantLock forgetting = new ReentrantLock();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** A name in a chain. */
    record Place(ChainId chain, String name) {}

    /** What is known of one member; safe for use by many threads. */
    static final class Seen {
        private final long firstMillis;
        private volatile long lastMillis;
        private final AtomicLong requests = new AtomicLong();
        private final AtomicLong accepted = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();

        private Seen(long firstMillis) {
            this.firstMillis = firstMillis;
            this.lastMillis = firstMillis;
        }

        /** Its first request, milliseconds since 1970. */
        long firstMillis() {
            return firstMillis;
        }

        /** Its newest request, milliseconds since 1970. */
        long lastMillis() {
            return lastMillis;
        }

        /** Requests, the refused ones too. */
        long requests() {
            return requests.get();
        }

        /** Openers, readings and digests that are on disk. */
        long accepted() {
            return accepted.get();
        }

        /** Openers, readings and digests that were refused. */
        long refused() {
            return refused.get();
        }
    }

    /** @param most how many members it keeps, each some 300 bytes */
    public MembersSeen(int most, Clock clock) {
        this.most = most;
        this.clock = clock;
    }

    /** A request came from a peer. */
    public void request(Peer peer) {
        if (peer.handle() instanceof MemberHandle member) {
            request(new Place(member.chain(), member.name()));
        }
    }

    void request(Place place) {
        Seen seen = at(place);
        seen.lastMillis = clock.millis();
        seen.requests.incrementAndGet();
    }

    @Override
    public void taken(MemberHandle sender, boolean isAccepted) {
        (isAccepted ? accepted : refused).increment();
        Seen seen = at(new Place(sender.chain(), sender.name()));
        (isAccepted ? seen.accepted : seen.refused).incrementAndGet();
    }

    /** How many members are known. */
    public long size() {
        return byPlace.size();
    }

    /** Openers, readings and digests of all members that were accepted since the start. */
    public long accepted() {
        return accepted.sum();
    }

    /** The same that were refused. */
    public long refused() {
        return refused.sum();
    }

    Optional<Seen> of(ChainId chain, String name) {
        return Optional.ofNullable(byPlace.get(new Place(chain, name)));
    }

    /** Those of a chain, by name. */
    List<Map.Entry<Place, Seen>> in(ChainId chain) {
        return byPlace.entrySet().stream()
                .filter(entry -> entry.getKey().chain().equals(chain))
                .sorted(Comparator.comparing(entry -> entry.getKey().name()))
                .toList();
    }

    private Seen at(Place place) {
        Seen known = byPlace.get(place);
        if (known != null) {
            return known;
        }
        Seen seen = byPlace.computeIfAbsent(place, key -> new Seen(clock.millis()));
        if (byPlace.size() > most) {
            forget();
        }
        return seen;
    }

    private void forget() {
        if (!forgetting.tryLock()) {
            return;
        }
        try {
            List<Map.Entry<Place, Long>> byAge = new ArrayList<>();
            byPlace.forEach((place, seen) -> byAge.add(Map.entry(place, seen.lastMillis())));
            byAge.sort(Map.Entry.comparingByValue());
            int left = most - most / FORGOTTEN_SHARE;
            byAge.stream().limit(Math.max(0, byAge.size() - left)).forEach(old -> byPlace.remove(old.getKey()));
        } finally {
            forgetting.unlock();
        }
    }
}
