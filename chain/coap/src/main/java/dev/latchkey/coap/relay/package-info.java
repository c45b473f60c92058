/**
 * A bad network in a process: a UDP relay for tests, benchmarks and the simulator that loses, repeats, re-orders, delays
 * and re-addresses by a seed, and counts what passes. It cannot read any of it. Imports nothing of Latchkey's.
 */
package dev.latchkey.coap.relay;
