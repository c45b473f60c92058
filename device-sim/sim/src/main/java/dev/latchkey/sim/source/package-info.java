/**
 * Where the simulator's readings come from: recorded weather, any CSV file, or this machine's own sensors. A recording
 * is read and checked whole before anything of it is handed out; numbers stay decimal, so what arrives is compared
 * exactly with what was read.
 *
 * <p>May import the envelope's SenML, the weather and FastCSV. Knows no network.
 */
package dev.latchkey.sim.source;
