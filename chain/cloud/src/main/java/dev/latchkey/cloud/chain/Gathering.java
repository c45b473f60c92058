package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyId;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signatures of a chain's replicas over heads that this node verified, until they are as many as the policy at that
 * head asks for. For the line's thread.
 */
final class Gathering {
    /** Verified heads that another replica may be behind or ahead by; each holds the nodes that later blocks replaced. */
    private static final int MAX_STATES = 256;

    /** Heads without enough signatures. */
    private static final int MAX_OPEN = 64;

    /** Heads that others may ask for before this node has verified them. */
    private static final int MAX_ASKED = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Gathering.class);

    /** What the line does for it. */
    interface Line {
        /** This node's signature of a verified head, unless something keeps it from signing. */
        Optional<SignedCheckpoint> sign(ChainState head, Instant now) throws IOException;

        /** Hands out a head that has all its signatures. */
        void publish(Published head);

        /** As many replicas as the policy asks for signed something else than this node has. */
        void contradicted(Finding finding);
    }

    /** A head that another replica signed and this one is asked to sign. */
    private record Asked(SignedCheckpoint shown, CompletableFuture<Cosigned> answer) {}

    private final EcVerifier verifier;
    private final KeyId own;
    private final PublishedHeads heads;
    private final Line line;
    private final Deque<Asked> asked = new ArrayDeque<>();
    private final TreeMap<Long, ChainState> states = new TreeMap<>();
    private final TreeMap<Long, SignedCheckpoint> open = new TreeMap<>();
    private final Set<KeyId> contradicting = new HashSet<>();

    /**
     * Nothing gathered yet.
     *
     * @param own the id of this node's replica key
     */
    Gathering(EcVerifier verifier, KeyId own, PublishedHeads heads, Line line) {
        this.verifier = verifier;
        this.own = own;
        this.heads = heads;
        this.line = line;
    }

    /** Takes note of a head that this node verified. */
    void verified(ChainState head) {
        states.put(head.height(), head);
        while (states.size() > MAX_STATES) {
            states.pollFirstEntry();
        }
    }

    /**
     * Adds signatures, which were checked, to what there is of a head, and has it published when they are enough: this
     * node's and as many as the policy asks for.
     *
     * @return all that there are
     */
    SignedCheckpoint gather(ChainState head, SignedCheckpoint checked, Instant now) {
        long height = head.height();
        SignedCheckpoint before = open.getOrDefault(height, checked);
        SignedCheckpoint all = before.with(checked);
        if (heads.at(height).isPresent() || isComplete(head, all)) {
            open.headMap(height, true).clear();
            Published published = heads.sign(head, all, now);
            line.publish(published);
            return published.signed();
        }
        open.put(height, all);
        while (open.size() > MAX_OPEN) {
            open.pollFirstEntry();
        }
        return all;
    }

    /** Takes what another replica answered. */
    void take(SignedCheckpoint signed, Instant now) {
        ChainState head = states.get(signed.checkpoint().height());
        if (head != null && agrees(head, signed)) {
            take(head, signed, now);
        }
    }

    private void take(ChainState head, SignedCheckpoint signed, Instant now) {
        Optional<SignedCheckpoint> others = others(head, signed);
        Optional<Published> published = heads.at(head.height());
        if (others.isPresent() && published.isEmpty()) {
            gather(head, others.get(), now);
        } else if (others.isPresent() && Cosigning.isNews(published.get(), others.get())) {
            heads.merge(others.get());
        }
    }

    /** Whether it is of the same head. If not, and its signatures hold, so many that had to sign contradict this node. */
    private boolean agrees(ChainState head, SignedCheckpoint signed) {
        if (head.checkpoint().equals(signed.checkpoint())) {
            return true;
        }
        if (signed.checkpoint().chain().equals(head.chainId())) {
            others(head, signed).ifPresent(valid -> contradicts(head, valid));
        }
        return false;
    }

    private void contradicts(ChainState head, SignedCheckpoint valid) {
        Difference difference = Difference.of(head.checkpoint(), valid.checkpoint());
        LOG.error(
                "another replica signed another head: chain={} height={} differs={} own={} other={}",
                head.chainId(),
                head.height(),
                difference.names(),
                difference.own(),
                difference.other());
        valid.parts().forEach(part -> contradicting.add(part.kid()));
        if (contradicting.size() >= head.policy().replicas().k()) {
            line.contradicted(difference.finding(Alarm.OTHER_THAN_REPLICAS, head.checkpoint(), Finding.STATE));
        }
    }

    /** Keeps the question for a head until it is verified. */
    void ask(SignedCheckpoint shown, CompletableFuture<Cosigned> answer) {
        asked.removeIf(waits -> waits.answer().isDone());
        if (asked.size() >= MAX_ASKED) {
            answer.complete(Cosigned.not(Cosigning.Verdict.OTHER_HEIGHT));
        } else {
            asked.add(new Asked(shown, answer));
        }
    }

    /** Answers who asks for heads up to a height, which are verified. */
    void answer(long verified, Instant now) throws IOException {
        for (Asked next : List.copyOf(asked)) {
            if (next.shown().checkpoint().height() <= verified) {
                asked.remove(next);
                next.answer().complete(cosigned(next.shown(), now));
            }
        }
    }

    private Cosigned cosigned(SignedCheckpoint shown, Instant now) throws IOException {
        ChainState head = states.get(shown.checkpoint().height());
        if (head == null) {
            return Cosigned.not(Cosigning.Verdict.OTHER_HEIGHT);
        }
        if (!agrees(head, shown)) {
            return Cosigned.not(Cosigning.Verdict.OTHER_HEAD);
        }
        if (others(head, shown).isEmpty()) {
            return Cosigned.not(Cosigning.Verdict.BAD_SIGNATURE);
        }
        take(head, shown, now);
        Optional<SignedCheckpoint> signed = line.sign(head, now);
        return signed.map(mine -> new Cosigned(Cosigning.Verdict.TAKEN, Optional.of(gather(head, mine, now))))
                .orElseGet(() -> Cosigned.not(Cosigning.Verdict.NOT_SIGNING));
    }

    private boolean isComplete(ChainState head, SignedCheckpoint all) {
        List<KeyId> signers = all.parts().stream()
                .map(SignedCheckpoint.Part::kid)
                .filter(kid -> standing(head, kid).isPresent())
                .toList();
        return signers.contains(own)
                && signers.size() >= head.policy().replicas().k();
    }

    /** What was signed before this node was started again: the signatures that hold of it count. */
    void remember(ChainState head, SignedCheckpoint kept) {
        if (kept.checkpoint().equals(head.checkpoint())) {
            checked(head, kept, kid -> standing(head, kid).or(() -> witness(head, kid)))
                    .ifPresent(signatures -> open.put(head.height(), signatures));
        }
    }

    /** The signatures by other replicas that hold, of what one shows of a head; none if any does not hold. */
    private Optional<SignedCheckpoint> others(ChainState head, SignedCheckpoint shown) {
        return checked(head, shown, kid -> kid.equals(own) ? Optional.empty() : standing(head, kid));
    }

    /** Looks up the key of a kid that may sign. */
    private interface Keys {
        Optional<CoseKey> key(KeyId kid);
    }

    private Optional<SignedCheckpoint> checked(ChainState head, SignedCheckpoint shown, Keys keys) {
        List<SignedCheckpoint.Part> parts = shown.parts().stream()
                .filter(part -> keys.key(part.kid()).isPresent())
                .toList();
        Predicate<SignedCheckpoint.Part> holds =
                part -> shown.verifiedBy(part, keys.key(part.kid()).orElseThrow(), verifier);
        return parts.isEmpty() || !parts.stream().allMatch(holds) ? Optional.empty() : Optional.of(only(shown, parts));
    }

    private static Optional<CoseKey> standing(ChainState head, KeyId kid) {
        return head.struck().contains(kid)
                ? Optional.empty()
                : head.policy().replicas().nodes().stream()
                        .map(Policy.Replica::sig)
                        .filter(key -> key.kid().equals(kid))
                        .findFirst();
    }

    private static Optional<CoseKey> witness(ChainState head, KeyId kid) {
        return head.policy().witnesses().gateways().stream()
                .map(Policy.Witness::sig)
                .filter(key -> key.kid().equals(kid))
                .findFirst();
    }

    private static SignedCheckpoint only(SignedCheckpoint shown, List<SignedCheckpoint.Part> parts) {
        List<CoseSign.Signature> signatures =
                parts.stream().map(SignedCheckpoint.Part::signature).toList();
        try {
            return SignedCheckpoint.decode(new CoseSign(shown.checkpoint().encode(), signatures).encode());
        } catch (MalformedCheckpointException e) {
            throw new IllegalStateException("made of sound parts", e);
        }
    }
}
