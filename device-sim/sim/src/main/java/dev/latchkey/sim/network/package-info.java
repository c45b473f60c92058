/**
 * A whole network on this machine: made by the operator's command, run by cloud node and gateway as processes.
 *
 * <p>May import the ledger's hand-over, the console and the processes.
 */
package dev.latchkey.sim.network;
