/**
 * {@code latchkey bench}: what verification, proofs, work, sealed messages and a device's operations cost on this machine,
 * next to what others pay for the same. Verification, proofs and work are measured on the ledger alone, in this process;
 * sealed messages over a DTLS session on loopback; a device's operations and the intake of readings against a cloud node
 * and a gateway that are started as processes. May import the device's modules, console, network and process.
 */
package dev.latchkey.sim.bench;
