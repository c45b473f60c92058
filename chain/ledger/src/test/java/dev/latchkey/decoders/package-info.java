/** Every decoder of the ledger with bytes for it, what makes bad bytes of good ones, and the worked examples of WIRE.md. */
package dev.latchkey.decoders;
