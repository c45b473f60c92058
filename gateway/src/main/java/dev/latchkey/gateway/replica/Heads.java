package dev.latchkey.gateway.replica;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The heads that devices may hold; safe for use by many threads. A head stays answerable for a time after a newer one
 * took its place, so that a proof asked for under the checkpoint a device just fetched never fails for being old. States
 * share what did not change, so a kept head costs what its successor changed.
 */
public final class Heads {
    private final ConcurrentSkipListMap<Long, Head> byHeight = new ConcurrentSkipListMap<>();
    private final Clock clock;
    private final Duration kept;

    Heads(Clock clock, Duration kept) {
        this.clock = clock;
        this.kept = kept;
    }

    /** The newest head. */
    public Optional<Head> newest() {
        return Optional.ofNullable(byHeight.lastEntry()).map(Map.Entry::getValue);
    }

    /** The head of a height, if it was handed out and is not too old. */
    public Optional<Head> at(long height) {
        return Optional.ofNullable(byHeight.get(height));
    }

    /** The newest heads, newest first, at most so many. */
    public List<Head> newest(int most) {
        return byHeight.descendingMap().values().stream().limit(most).toList();
    }

    /** Heads that are answerable. */
    public int size() {
        return byHeight.size();
    }

    void handOut(Head head) {
        byHeight.put(head.height(), head);
        long limit = clock.millis() - kept.toMillis();
        // A head ages from the moment the next one replaced it.
        Map.Entry<Long, Head> oldest = byHeight.firstEntry();
        while (byHeight.size() > 1) {
            Map.Entry<Long, Head> next = byHeight.higherEntry(oldest.getKey());
            if (next == null || next.getValue().handedOutMillis() >= limit) {
                return;
            }
            byHeight.remove(oldest.getKey());
            oldest = next;
        }
    }
}
