package dev.latchkey.gateway;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.transaction.Role;

/** What a chain says of this gateway. */
enum Standing {
    /** Nothing yet. */
    UNKNOWN("nothing is known of the chain yet"),
    /** It is another chain than the settings mean. */
    OTHER_NAME("the chain has another name than the settings say: correct chains in the settings"),
    /** The gateway never joined it, or was put out. */
    NOT_A_GATEWAY("this key is no active gateway of the chain: have it join, or take the chain out of the settings"),
    /** It serves there. */
    GATEWAY("in service");

    private final String text;

    Standing(String text) {
        this.text = text;
    }

    /** The same for people. */
    String text() {
        return text;
    }

    /** What a chain says now of the gateway with a DTLS key. */
    static Standing of(ServedChain chain, CoseKey dtls) {
        Replica replica = chain.replica();
        if (replica.heads().newest().isEmpty()) {
            return UNKNOWN;
        }
        if (!replica.state().orElseThrow().chainName().equals(chain.named().name())) {
            return OTHER_NAME;
        }
        return replica.members()
                        .byDtlsKey(dtls)
                        .filter(self -> self.isCurrent() && self.record().role() == Role.GATEWAY)
                        .isPresent()
                ? GATEWAY
                : NOT_A_GATEWAY;
    }
}
