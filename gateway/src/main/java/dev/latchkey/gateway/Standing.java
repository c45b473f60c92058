package dev.latchkey.gateway;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.transaction.Role;
import java.util.List;
import java.util.Optional;

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

    /** What a chain says now of the gateway with one of these DTLS keys. */
    static Standing of(ServedChain chain, List<CoseKey> dtls) {
        Replica replica = chain.replica();
        if (replica.heads().newest().isEmpty()) {
            return UNKNOWN;
        }
        if (!replica.state().orElseThrow().chainName().equals(chain.named().name())) {
            return OTHER_NAME;
        }
        if (dtls.stream().noneMatch(key -> isRegistered(replica, key)) && !chain.isCaughtUp()) {
            // A store from before the gateway got these keys: put back, or cut short by a power failure.
            return UNKNOWN;
        }
        return self(replica, dtls)
                        .filter(self -> self.isCurrent() && self.record().role() == Role.GATEWAY)
                        .isPresent()
                ? GATEWAY
                : NOT_A_GATEWAY;
    }

    private static boolean isRegistered(Replica replica, CoseKey key) {
        return replica.state().orElseThrow().registrantName(key.kid()).isPresent();
    }

    /** Who this gateway is in a chain, by the one of its DTLS keys that is current there. */
    static Optional<MemberHandle> self(Replica replica, List<CoseKey> dtls) {
        return dtls.stream()
                .flatMap(key -> replica.members().byDtlsKey(key).stream())
                .findFirst();
    }
}
