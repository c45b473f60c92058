/**
 * {@code latchkey demo}, a whole network on this machine, and {@code latchkey sim}, a fleet against a gateway that runs.
 *
 * <p>May import the network, the fleet, the relay and the weather.
 */
package dev.latchkey.sim.demo;
