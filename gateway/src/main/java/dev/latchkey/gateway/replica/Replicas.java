package dev.latchkey.gateway.replica;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The replicas of all chains that this gateway serves, at least one; safe for use by many threads. */
public final class Replicas {
    private final List<Replica> all = new CopyOnWriteArrayList<>();

    /** Adds a chain; the first one is meant where nothing says which chain. */
    public void add(Replica replica) {
        all.add(replica);
    }

    /** In the order in which they came. */
    public List<Replica> all() {
        return Collections.unmodifiableList(all);
    }

    /** The chain that is meant where nothing says which. */
    public Replica first() {
        return all.get(0);
    }

    /** The replica of a chain, if it is served here. */
    public Optional<Replica> of(ChainId chain) {
        for (Replica replica : all) {
            if (replica.chain().equals(chain)) {
                return Optional.of(replica);
            }
        }
        return Optional.empty();
    }

    /**
     * The newest verified state of each chain: while these are the same objects, nothing has changed that is asked for
     * here.
     */
    public List<ChainState> states() {
        List<ChainState> states = new ArrayList<>(all.size());
        for (Replica replica : all) {
            replica.state().ifPresent(states::add);
        }
        return states;
    }

    /** The replica of a member's own chain. */
    public Replica of(MemberHandle member) {
        return of(member.chain()).orElseThrow();
    }

    /** The replica of the sub-network with a name. */
    public Optional<Replica> named(String chainName) {
        return all.stream()
                .filter(replica -> replica.state().map(ChainState::chainName).equals(Optional.of(chainName)))
                .findFirst();
    }

    /**
     * Whose DTLS key this is: a membership that is active now or, if there is none, one that is moving or moved. Of several
     * active ones the first in the order of the settings.
     */
    public Optional<MemberHandle> byDtlsKey(CoseKey key) {
        Optional<MemberHandle> moving = Optional.empty();
        for (Replica replica : all) {
            Optional<MemberHandle> found = replica.members().byDtlsKey(key);
            if (found.isPresent() && found.get().isCurrent()) {
                return found;
            }
            moving = moving.isPresent() ? moving : found;
        }
        return moving;
    }

    /**
     * The members that a message for a key exchange key goes to, each id once: where a member is active in one chain and
     * moved in another the active one is meant. They are looked for in the sender's chain and in its siblings.
     *
     * @param sender the sender's chain
     */
    public List<Membership> byExchangeKid(Replica sender, KeyId kid) {
        List<Membership> found = new ArrayList<>();
        for (Replica replica : all) {
            if (replica != sender && !isSibling(sender, replica)) {
                continue;
            }
            for (String name : replica.members().byExchangeKid(kid)) {
                MemberRecord record = replica.members().byName(name).orElseThrow();
                add(found, new Membership(replica.chain(), record));
            }
        }
        return found;
    }

    /** The newest verified record of a name in a chain, if that is served here. */
    public Optional<MemberRecord> record(ChainId chain, String name) {
        return of(chain).flatMap(replica -> replica.members().byName(name));
    }

    private static boolean isSibling(Replica of, Replica other) {
        return of.state().stream()
                .flatMap(state -> state.policy().siblings().stream())
                .anyMatch(sibling -> sibling.chain().equals(other.chain()));
    }

    private static void add(List<Membership> found, Membership next) {
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).record().id().equals(next.record().id())) {
                if (next.record().isActive() && !found.get(i).record().isActive()) {
                    found.set(i, next);
                }
                return;
            }
        }
        found.add(next);
    }
}
