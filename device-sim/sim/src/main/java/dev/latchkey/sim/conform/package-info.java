/**
 * {@code latchkey conform}: runs test vectors of others, one JSON object a line, through the classes that production
 * calls. What stands here reads cases, formats of others that Latchkey itself refuses (tagged COSE messages, other header
 * sets, A128GCM, Bitcoin's header), and writes answers; keys, signatures, ciphers, trees and CBOR are those of the
 * modules.
 *
 * <p>May import the ledger, the envelope, the host and the console; no other package of this module.
 */
package dev.latchkey.sim.conform;
