/**
 * Plots over time as inline SVG: axes with round ticks, lines, stacked bars. Pure functions of numbers; how colours look
 * the style sheet of the page says, by classes {@code c0} to {@code c5}.
 *
 * <p>Knows nothing of what is plotted. May import nothing but the JDK.
 */
package dev.latchkey.sim.plot;
