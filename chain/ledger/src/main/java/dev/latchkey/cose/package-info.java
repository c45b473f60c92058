/**
 * The part of COSE that the key chain needs: P-256 keys, signatures and their kids (RFC 9052, RFC 9053, RFC 9679, RFC
 * 9864). May import {@code bytes} and {@code cbor}.
 */
package dev.latchkey.cose;
