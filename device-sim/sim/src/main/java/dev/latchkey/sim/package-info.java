/**
 * The commands {@code latchkey demo}, {@code sim}, {@code device} and {@code conform}.
 *
 * <p>May import every other package of this module; none imports this one.
 */
package dev.latchkey.sim;
