/**
 * Transactions and what they are about: names, roles, keys, member records, vouchers, policies. Formats and signatures
 * only; whether a transaction is allowed is decided in {@code ledger}. May import {@code bytes}, {@code cbor} and {@code
 * cose}.
 */
package dev.latchkey.transaction;
