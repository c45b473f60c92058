package dev.latchkey.cloud.audit;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Role;
import java.util.Optional;

/** One member of a {@link MixedChain}, with its private keys and what the generator knows of its record. */
final class Townsman {
    /** Where a member stands. */
    enum Standings {
        ACTIVE,
        SUSPENDED,
        LEFT,
        REVOKED,
        MOVING,
        MOVED
    }

    /** A recovery by operators that waits. */
    record Waiting(long dueMillis, Identity identity, Optional<KeyPair> next) {}

    final String name;
    final Role role;
    Identity identity;
    long sequence = 1;
    Standings standing = Standings.ACTIVE;
    Optional<KeyPair> next;
    Optional<Waiting> waiting = Optional.empty();
    String nameThere;
    long deadline;

    Townsman(String name, Role role, Identity identity, Optional<KeyPair> next) {
        this.name = name;
        this.role = role;
        this.identity = identity;
        this.next = next;
    }
}
