package dev.latchkey.cloud.operator;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Identity;
import java.util.function.UnaryOperator;

/**
 * Somebody who is to sign, with the keys at hand. Immutable; holds a secret.
 *
 * @param label who that is, for people
 */
record Hand(String label, UnaryOperator<PartTransaction> pen) {
    /** An operator, or an admin by its sig key. */
    static Hand of(String label, KeyPair pair) {
        return new Hand(label + ", " + Wording.key(pair.publicKey()), part -> part.signedBy(pair));
    }

    /** Somebody whose new keys the transaction brings. */
    static Hand of(String label, Identity member) {
        return new Hand(
                label + ", sig " + member.sig().publicKey().kid() + " and dtls "
                        + member.dtls().publicKey().kid(),
                part -> part.signedBy(member));
    }

    @Override
    public String toString() {
        return label;
    }
}
