/**
 * A pack sealed as Latchkey seals it, and as a user would seal it who picked something else off the shelf; all of it done
 * in full, from the pack to the bytes on the wire and back. May import ledger and envelope, and the libraries that
 * others would use; opens no socket.
 */
package dev.latchkey.sim.bench.sealing;
