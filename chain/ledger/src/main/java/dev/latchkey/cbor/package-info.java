/**
 * Deterministic CBOR (RFC 8949), the only form in which anything is signed, hashed, stored or sent. A validator of
 * our own looks at every byte before the library {@code co.nstant.in:cbor} does; this package is the only place that
 * may create one of its decoders or encoders, and none of its types leaves it. May import {@code dev.latchkey.bytes}.
 */
package dev.latchkey.cbor;
