/**
 * The Merkle tree of RFC 9162, section 2.1, under blocks and over headers: proofs are made here and judged here. May
 * import {@code dev.latchkey.bytes}.
 */
package dev.latchkey.merkle;
