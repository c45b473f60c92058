/**
 * The chain as a pure state machine: what a transaction may do, how a block follows from an entry, and how anybody checks
 * a block. No socket, file, thread, clock or logger. May import {@code bytes}, {@code cbor}, {@code cose}, {@code merkle},
 * {@code transaction} and {@code directory}.
 */
package dev.latchkey.ledger;
