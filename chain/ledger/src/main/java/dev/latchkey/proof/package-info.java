/**
 * What a light verifier needs: checkpoints, proofs of keys and headers, receipts, and the walk from a chain id to today's
 * replica keys. A Verified type comes only out of its verifier. May import everything else in the ledger but {@code
 * protocol}.
 */
package dev.latchkey.proof;
