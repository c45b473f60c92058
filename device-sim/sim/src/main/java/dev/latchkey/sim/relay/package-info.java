/**
 * A relay for datagrams that measures what really passes between devices and a gateway. It cannot read any of it.
 *
 * <p>Imports nothing of Latchkey's.
 */
package dev.latchkey.sim.relay;
