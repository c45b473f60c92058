package dev.latchkey.sim.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run in so few spans that a line through them can be seen as one: whenever there are too many, two become one, with
 * their histograms, so that percentiles stay true. Confined to the meter's lock.
 */
final class CoarseSpans {
    static final int MAX_SPANS = 360;

    private final List<Span> spans = new ArrayList<>();
    private long width;
    /** The next one, still shorter than the others. */
    private Optional<Span> pending = Optional.empty();

    CoarseSpans(long width) {
        this.width = width;
    }

    void add(Span span) {
        Span grown = pending.map(begun -> begun.with(span)).orElse(span);
        if (grown.slice().widthNanos() < width) {
            pending = Optional.of(grown);
            return;
        }
        pending = Optional.empty();
        spans.add(grown);
        if (spans.size() == MAX_SPANS) {
            Span.mergePairs(spans);
            width *= 2;
        }
    }

    /** All of them, with what has come on top. */
    List<Slice> with(Optional<Span> open) {
        List<Span> all = new ArrayList<>(spans);
        pending.ifPresent(all::add);
        open.ifPresent(span -> {
            int last = all.size() - 1;
            boolean rest = last >= 0 && (pending.isPresent() || span.slice().widthNanos() < width / 2);
            if (rest) {
                all.set(last, all.get(last).with(span));
            } else {
                all.add(span);
            }
        });
        return all.stream().map(Span::slice).toList();
    }
}
