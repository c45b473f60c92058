package dev.latchkey.gateway.replica;

import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.Demand;
import dev.latchkey.proof.VerifiedCheckpoint;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which of the heads that the replicas signed is handed out: the newest one with the q fresh cosignatures that the policy
 * asks for; while there is none, the newest. Used by one thread.
 */
final class HeadChoice {
    /** Heads that wait for cosignatures; witnesses look at a head a second, so an older one gets no more of them. */
    private static final int MAX_WAITING = 64;

    private final NavigableMap<Long, Candidate> candidates = new TreeMap<>();
    private Optional<Candidate> handedOut = Optional.empty();

    /**
     * A head that may be handed out.
     *
     * @param state what this gateway computed for the height
     * @param checkpoint what the replicas and some witnesses signed
     */
    record Candidate(ChainState state, VerifiedCheckpoint checkpoint) {
        long height() {
            return state.height();
        }

        private long policyNumber() {
            return state.policy().number();
        }

        private boolean isCosigned(Instant now) {
            return checkpoint.freshWitnesses(now, Demand.FRESH)
                    >= state.policy().witnesses().q();
        }
    }

    /** The candidate of a height, if it waits or is the one handed out. */
    Optional<Candidate> at(long height) {
        return Optional.ofNullable(candidates.get(height))
                .or(() -> handedOut.filter(candidate -> candidate.height() == height));
    }

    /** The height of the newest candidate or head, -1 if there is none. */
    long newestHeight() {
        long waiting = candidates.isEmpty() ? -1 : candidates.lastKey();
        return Math.max(waiting, handedOut.map(Candidate::height).orElse(-1L));
    }

    /** Adds a candidate; in place of the one of its height, whose signatures it has as well. */
    void add(Candidate candidate) {
        if (candidate.height() < handedOut.map(Candidate::height).orElse(0L)) {
            return;
        }
        candidates.put(candidate.height(), candidate);
        if (candidates.size() > MAX_WAITING) {
            candidates.pollFirstEntry();
        }
    }

    /**
     * What is to be handed out now, if that is anything new. A head of an older policy gives way to one of the newest, whose
     * keys devices go by.
     */
    Optional<Candidate> choose(Instant now) {
        Optional<Candidate> newest = Optional.ofNullable(candidates.lastEntry()).map(Map.Entry::getValue);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        long policy = newest.get().policyNumber();
        Predicate<Candidate> isGood = candidate -> candidate.policyNumber() == policy && candidate.isCosigned(now);
        Optional<Candidate> chosen =
                candidates.descendingMap().values().stream().filter(isGood).findFirst();
        if (chosen.isEmpty() && handedOut.filter(isGood).isEmpty()) {
            chosen = newest;
        }
        chosen.ifPresent(this::handOut);
        return chosen;
    }

    /** Takes a candidate for the head that is out. */
    void handOut(Candidate candidate) {
        handedOut = Optional.of(candidate);
        candidates.headMap(candidate.height(), true).clear();
    }
}
