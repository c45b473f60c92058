/**
 * {@code latchkey bench}: what verification, proofs and work cost on this machine, next to what others pay for the same.
 * Measures the ledger alone, in this process; may import ledger, host and console, and nothing that opens a socket.
 */
package dev.latchkey.sim.bench;
