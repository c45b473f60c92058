/**
 * The chain as this gateway has verified it: every block checked in full and on disk before anything is answered from
 * it, the heads that were handed out, and the index of who may connect. Imports the ledger, {@code store} and the peer
 * types of {@code coap}; knows nothing of the network the blocks come over.
 */
package dev.latchkey.gateway.replica;
