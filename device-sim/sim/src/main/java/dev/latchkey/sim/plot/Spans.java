package dev.latchkey.sim.plot;

import java.util.List;

/**
 * What the plots of a page have in common: the spans of time to which values belong, and the bands behind them.
 * Immutable.
 *
 * @param edges in seconds, rising from 0: span i lies between edge i and edge i + 1
 */
public record Spans(List<Double> edges, List<Band> bands) {
    public Spans {
        edges = List.copyOf(edges);
        bands = List.copyOf(bands);
        if (edges.isEmpty()) {
            throw new IllegalArgumentException("time needs a begin");
        }
    }

    public int count() {
        return edges.size() - 1;
    }

    double end() {
        return edges.get(edges.size() - 1);
    }

    double middle(int span) {
        return (edges.get(span) + edges.get(span + 1)) / 2;
    }

    double from(int span) {
        return edges.get(span);
    }

    double to(int span) {
        return edges.get(span + 1);
    }
}
