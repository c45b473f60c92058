/**
 * {@code latchkey audit}: a chain replayed from genesis, every rule and every signature, down to the checkpoint that
 * replicas signed.
 *
 * <p>Imports ledger, host, console and {@code export}; nothing of a running node.
 */
package dev.latchkey.cloud.audit;
