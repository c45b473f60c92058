/**
 * What a light verifier needs: checkpoints and their continuity, proofs of keys, of their absence and history, and of
 * headers, receipts, evidence, and the walk from a chain id to today's replica keys. A Verified type comes only out of its verifier. May import everything else in the ledger but {@code
 * protocol}.
 */
package dev.latchkey.proof;
