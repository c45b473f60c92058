package dev.latchkey.envelope;

import dev.latchkey.cose.CoseKey;

/**
 * A member to seal for, as proved by the chain.
 *
 * @param name its name; part of the key derivation, since a kex key has no proof of possession of its own
 * @param kex its key-agreement key
 */
public record Addressee(String name, CoseKey kex) {}
