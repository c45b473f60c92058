/**
 * The directory of a chain: a persistent prefix tree from hashed names to records, and the proofs that a record is,
 * or that none is, in it. May import {@code dev.latchkey.bytes} and {@code dev.latchkey.cbor}.
 */
package dev.latchkey.directory;
