package dev.latchkey.sim.source;

import java.util.List;

/** A recording whose every row was checked; immutable, for use by many threads. */
public interface Source {
    /** What it is, in a few words for a person. */
    String title();

    /** Its observations, at least one, in the order of their times; unmodifiable. */
    List<Observation> observations();
}
