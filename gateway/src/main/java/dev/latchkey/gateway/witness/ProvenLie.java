package dev.latchkey.gateway.witness;

import dev.latchkey.bytes.Bytes;

/**
 * Proof that replicas signed two histories, in the two forms in which it is passed on.
 *
 * @param file the evidence file, which anybody can check from the chain id alone
 * @param transaction the evidence transaction, filed and signed by this gateway
 */
public record ProvenLie(Bytes file, Bytes transaction) {}
