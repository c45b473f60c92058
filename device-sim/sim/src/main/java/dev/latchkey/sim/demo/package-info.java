/**
 * {@code latchkey demo}: a whole network on this machine, from its first key to the last reading.
 *
 * <p>May import the network, the fleet, the scenarios, the relay and the weather.
 */
package dev.latchkey.sim.demo;
