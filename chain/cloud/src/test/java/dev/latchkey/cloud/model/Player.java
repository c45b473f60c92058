package dev.latchkey.cloud.model;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import java.util.Optional;

/** What the model says of one name of one chain. */
final class Player {
    /** Where it stands. */
    enum Stand {
        ACTIVE,
        SUSPENDED,
        MOVING,
        MOVED,
        LEFT,
        REVOKED
    }

    final String name;
    Stand stand = Stand.ACTIVE;
    long sequence = 1;
    Identity identity;
    KeyPair next;
    Bytes id;
    ModelChain to;
    String nameThere;
    long deadline;
    long recoveryDue;
    Identity recovering;
    KeyPair recoveringNext;

    Player(String name, Identity identity, KeyPair next) {
        this.name = name;
        this.identity = identity;
        this.next = next;
    }

    Optional<Digest> commitment() {
        return Optional.of(MemberRecord.commitment(next.publicKey()));
    }

    boolean isRecoverable() {
        return stand == Stand.ACTIVE || stand == Stand.SUSPENDED;
    }

    /** The operators' recovery takes effect, if time has come and it still may. */
    void passTime(long now) {
        if (recovering != null && recoveryDue <= now) {
            if (isRecoverable()) {
                identity = recovering;
                next = recoveringNext;
                sequence++;
            }
            recovering = null;
        }
    }
}
