package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.ledger.ChainState;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Sessions in which members sent lately, as their rows say, so that a reading needs none of them: reading and decoding
 * these was the half of what a reading cost. For the store's thread only. Bounded; whoever changes a session's rows
 * forgets it here.
 */
final class SessionsInUse {
    /** Some 1 KiB each. */
    private static final int MAX = 8_192;

    /**
     * Partial IVs of a member, back from its highest, of which it is known here whether a reading has them: readings overtake
     * each other, and where many are lost on the way, repetitions come late. 256 bytes.
     */
    static final int WINDOW = 2_048;

    private final Map<Place, Use> byPlace = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Use> eldest) {
            return size() > MAX;
        }
    };

    /** What a reading says of its session, and who sends it. */
    private record Place(Bytes tag, Bytes member) {
        /** Asked for each reading: a record's own goes through method handles. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Place place && tag.equals(place.tag) && member.equals(place.member);
        }

        @Override
        public int hashCode() {
            return 31 * tag.hashCode() + member.hashCode();
        }
    }

    /** A session with one of its members, who may send in it. */
    static final class Use {
        private final Passage passage;
        private final boolean isParty;
        /** No look at the disk is needed above it for a Partial IV that is not in {@code taken}. */
        private int floor;

        private int highest;
        /** Of the Partial IVs above {@code floor}, by their last bits, those that a reading was drafted under. */
        private final BitSet taken = new BitSet(WINDOW);

        private List<ChainState> current = List.of();

        /**
         * @param passage of what the member sends
         * @param highest no reading of the member is stored under a Partial IV above it; -1 for none at all
         */
        Use(Passage passage, int highest) {
            this.passage = passage;
            this.isParty = passage.session().hasParty(passage.sender());
            this.floor = highest;
            this.highest = highest;
        }

        Passage passage() {
            return passage;
        }

        Session session() {
            return passage.session();
        }

        /**
         * As {@link Session#hasSender}, without a walk over all members.
         *
         * @param sender the member that this use was found by
         */
        boolean hasSender(MemberHandle sender) {
            return isParty && session().isOfAuthorsChain(sender);
        }

        /** Whether a reading may be stored under this Partial IV already. */
        boolean mayBeSeen(int partialIv) {
            return partialIv <= floor || partialIv <= highest && taken.get(partialIv % WINDOW);
        }

        /**
         * A reading is drafted under this Partial IV. What is said here too much costs a look at the disk; said too little it
         * would be a counter that is used twice.
         */
        void take(int partialIv) {
            if (partialIv - highest >= WINDOW) {
                taken.clear();
            } else {
                // These bits stood for Partial IVs that are no longer above the floor.
                for (int next = highest + 1; next <= partialIv; next++) {
                    taken.clear(next % WINDOW);
                }
            }
            highest = Math.max(highest, partialIv);
            floor = Math.max(floor, highest - WINDOW);
            if (partialIv > floor) {
                taken.set(partialIv % WINDOW);
            }
        }

        /**
         * Whether its members may still be in it: asked once for these states, the very same objects. Who is provisional
         * stands in no chain's state, so there it is asked each time.
         */
        boolean isCurrent(List<ChainState> states, BooleanSupplier asked) {
            if (!session().isLocal() && isSame(states)) {
                return true;
            }
            current = states;
            if (asked.getAsBoolean()) {
                return true;
            }
            current = List.of();
            return false;
        }

        private boolean isSame(List<ChainState> states) {
            boolean same = states.size() == current.size() && !states.isEmpty();
            for (int i = 0; same && i < states.size(); i++) {
                same = states.get(i) == current.get(i);
            }
            return same;
        }
    }

    Optional<Use> find(Bytes tag, Bytes member) {
        return Optional.ofNullable(byPlace.get(new Place(tag, member)));
    }

    void keep(Bytes member, Use use) {
        byPlace.put(new Place(use.session().tag(), member), use);
    }

    void forget(Session session) {
        for (Party party : session.parties()) {
            byPlace.remove(new Place(session.tag(), party.id()));
        }
    }

    /** Whether a session is the one that is meant. */
    static boolean isMeant(Optional<Digest> meant, Use use) {
        return meant.isEmpty() || meant.get().equals(use.session().id());
    }
}
