/**
 * Sealed sessions in plain COSE (RFC 9052, RFC 9053): a signed opener carries a secret to the recipients, readings
 * follow under keys derived from it. What a gateway may do with a message (read its head, verify the opener's
 * signature) needs no private key and stands apart from what only the ends can do (author, receiver). Imports the
 * ledger's cbor, cose and transaction packages and {@code dev.latchkey.senml}.
 */
package dev.latchkey.envelope;
