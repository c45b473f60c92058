package dev.latchkey.transaction;

import dev.latchkey.cose.KeyPair;
import java.security.SecureRandom;

/**
 * The three key pairs of one member.
 *
 * @param sig signs transactions and openers
 * @param kex opens what is sealed to the member
 * @param dtls proves the member to its gateway
 */
public record Identity(KeyPair sig, KeyPair kex, KeyPair dtls) {
    /** Three new pairs. */
    public static Identity generate(SecureRandom random) {
        return new Identity(KeyPair.generate(random), KeyPair.generate(random), KeyPair.generate(random));
    }

    /** The public half. */
    public MemberKeys keys() {
        return new MemberKeys(sig.publicKey(), kex.publicKey(), dtls.publicKey());
    }
}
