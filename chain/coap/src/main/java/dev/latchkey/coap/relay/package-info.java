/** A bad network in a process: a UDP relay for tests and benchmarks that loses, repeats, delays and re-addresses. */
package dev.latchkey.coap.relay;
