/**
 * {@code latchkey device}: one device by hand. Each command opens the device's directory, does one thing and ends.
 *
 * <p>May import the device library, the console, and the fleet's names and explanations.
 */
package dev.latchkey.sim.hand;
