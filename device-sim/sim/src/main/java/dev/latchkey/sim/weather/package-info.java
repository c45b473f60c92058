/**
 * The real input of the simulator: daily weather observations of Seattle (NOAA, public domain), and how one of them
 * becomes a SenML pack and is found again on the other side.
 *
 * <p>May import the envelope's SenML and the ledger's byte strings. Knows no network.
 */
package dev.latchkey.sim.weather;
