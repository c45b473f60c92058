package dev.latchkey.sim.plot;

/** A part of the time with a name, shown behind a plot; from and to in seconds. Immutable. */
public record Band(String name, double from, double to) {}
