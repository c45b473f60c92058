package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.audit.Townsman.Standings;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who lives in a {@link MixedChain}, and under which policy. */
final class Town {
    Policy policy;
    boolean liarIsStruck; // evidence has struck replica 1, and no policy has replaced it yet
    private final MixedChain chain;
    private final List<Townsman> all = new ArrayList<>();

    Town(MixedChain chain) {
        this.chain = chain;
        this.policy = chain.state.policy();
    }

    List<Townsman> all() {
        return all;
    }

    Optional<Townsman> some(Standings standing) {
        List<Townsman> there =
                all.stream().filter(who -> who.standing == standing).toList();
        return there.isEmpty() ? Optional.empty() : Optional.of(there.get(chain.dice.nextInt(there.size())));
    }

    Townsman newcomer(Role role) {
        Townsman who = new Townsman("d-" + all.size(), role, Identity.generate(chain.keys), maybeNext());
        all.add(who);
        return who;
    }

    /** The member's id, unless its first record is of the block that is being made. */
    Optional<Bytes> id(Townsman who) {
        return chain.state.member(who.name).map(MemberRecord::id);
    }

    Optional<KeyPair> maybeNext() {
        return chain.dice.nextBoolean() ? Optional.of(KeyPair.generate(chain.keys)) : Optional.empty();
    }

    static Optional<Digest> commitment(Optional<KeyPair> next) {
        return next.map(pair -> MemberRecord.commitment(pair.publicKey()));
    }

    SignedTransaction byOperators(TransactionSigning signing) {
        return signing.by(chain.operators.get(0)).by(chain.operators.get(2)).finish();
    }
}
