package dev.latchkey.gateway.replica;

import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.Demand;
import dev.latchkey.proof.VerifiedCheckpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which of the heads that the replicas signed is handed out: the newest one with the q fresh cosignatures that the policy
 * asks for; while there is none, the newest, after some patience. Used by one thread.
 */
final class HeadChoice {
    /** Heads that wait for cosignatures; witnesses look at a head a second, so an older one gets no more of them. */
    private static final int MAX_WAITING = 64;

    /** How long a newer head waits for cosignatures before it is handed out without: they may come for an older one. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final NavigableMap<Long, Candidate> candidates = new TreeMap<>();
    private Optional<Candidate> handedOut = Optional.empty();
    private Optional<Instant> waitingSince = Optional.empty();

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

    /** How many cosignatures to look for elsewhere: q while a newer head than the one handed out waits for them, else 0. */
    int missing() {
        Optional<Candidate> newest = newest();
        return newest.isEmpty() ? 0 : newest.get().state().policy().witnesses().q();
    }

    /**
     * Which head a witness is shown: of those above the one it saw last the one with most cosignatures, so that witnesses
     * meet at one head, and of equals the newest; if there is none above, the one it saw last, to be renewed.
     *
     * @param last the height that it saw last, -1 if none
     */
    Optional<Candidate> forWitness(long last, Instant now) {
        return candidates.tailMap(last, false).values().stream()
                .max(Comparator.comparingInt(
                                (Candidate candidate) -> candidate.checkpoint().freshWitnesses(now, Demand.FRESH))
                        .thenComparingLong(Candidate::height))
                .or(() -> at(last));
    }

    /** The height that is handed out, -1 before the first. */
    long handedOutHeight() {
        return handedOut.map(Candidate::height).orElse(-1L);
    }

    /** The candidate of a height, if it waits or is the one handed out. */
    Optional<Candidate> at(long height) {
        return Optional.ofNullable(candidates.get(height))
                .or(() -> handedOut.filter(candidate -> candidate.height() == height));
    }

    /** The height of the newest candidate or head, -1 if there is none. */
    long newestHeight() {
        long waiting = candidates.isEmpty() ? -1 : candidates.lastKey();
        return Math.max(waiting, handedOutHeight());
    }

    /** Adds a candidate; in place of the one of its height, whose signatures it has as well. */
    void add(Candidate candidate) {
        if (candidate.height() < handedOutHeight()) {
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
        Optional<Candidate> newest = newest();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        long policy = newest.get().policyNumber();
        Predicate<Candidate> isGood = candidate -> candidate.policyNumber() == policy && candidate.isCosigned(now);
        Optional<Candidate> chosen =
                candidates.descendingMap().values().stream().filter(isGood).findFirst();
        if (waitingSince.isEmpty()) {
            waitingSince = Optional.of(now);
        }
        boolean samePolicy =
                handedOut.filter(head -> head.policyNumber() == policy).isPresent();
        boolean isPatient = samePolicy && waitingSince.get().plus(PATIENCE).isAfter(now);
        if (chosen.isEmpty() && handedOut.filter(isGood).isEmpty() && !isPatient) {
            chosen = newest;
        }
        chosen.ifPresent(this::handOut);
        return chosen;
    }

    private Optional<Candidate> newest() {
        return Optional.ofNullable(candidates.lastEntry()).map(Map.Entry::getValue);
    }

    /** Takes a candidate for the head that is out. */
    void handOut(Candidate candidate) {
        handedOut = Optional.of(candidate);
        candidates.headMap(candidate.height(), true).clear();
        waitingSince = Optional.empty();
    }
}
