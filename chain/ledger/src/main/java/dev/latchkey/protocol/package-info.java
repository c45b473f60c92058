/**
 * What devices, gateways and the cloud say to each other, as records with CBOR codecs: bytes only, no transport. May import
 * {@code bytes}, {@code cbor}, {@code cose} and {@code transaction}.
 */
package dev.latchkey.protocol;
