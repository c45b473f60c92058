/**
 * A fleet of handhelds in one process: each joins, finds its recipient's key, sends sealed readings and opens what it
 * receives; and the account of what became of every reading.
 *
 * <p>May import the device library, the console, the weather and the relay. Meets gateways and clouds only over the
 * wire.
 */
package dev.latchkey.sim.fleet;
