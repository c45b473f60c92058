package dev.latchkey.ledger;

import java.util.List;
import java.util.function.Consumer;

/** What the rules say of one transaction. */
sealed interface Decision {
    /** Allowed, provided that every claim holds; the change then makes it so. */
    record Granted(List<SignatureClaim> claims, Consumer<Draft> change) implements Decision {
        public Granted {
            claims = List.copyOf(claims);
        }
    }

    /** Not allowed. */
    record Denied(Refusal reason) implements Decision {}

    static Decision denied(Refusal reason) {
        return new Denied(reason);
    }
}
