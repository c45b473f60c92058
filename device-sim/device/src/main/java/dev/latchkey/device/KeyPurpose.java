package dev.latchkey.device;

/** What one of a member's keys is for; each key has one purpose. */
public enum KeyPurpose {
    /** Signs transactions and openers. */
    SIG,
    /** Opens what is sealed to the member. Changing it gives what was sent before forward secrecy. */
    KEX,
    /** Proves the member to its gateway. */
    DTLS
}
