/**
 * What a gateway does about the honesty of the replicas: it cosigns what it has verified, never two bodies for one height,
 * and it keeps proof of a replica that signed two histories.
 */
package dev.latchkey.gateway.witness;
