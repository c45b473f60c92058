/**
 * The commands {@code latchkey demo}, {@code sim} and {@code device}.
 *
 * <p>May import every other package of this module; none imports this one.
 */
package dev.latchkey.sim;
