/**
 * {@code latchkey sim}: a fleet and what happens to it while it sends; and the course of a run, which the demo shares.
 *
 * <p>May import the network, the fleet, the meter, sources and the relay.
 */
package dev.latchkey.sim.scenario;
