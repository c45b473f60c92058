package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.transaction.Policy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes witnesses' signatures of heads that this node signed. Thread-safe. A part counts when the policy at that head
 * names its key as a witness; parts of other keys are left alone, and a part that does not hold refuses them all.
 */
public final class Cosigning {
    /** How much later a witness's moment must be to take the place of its last: each is a write, and goes to all who follow. */
    private static final long RENEWAL_SECONDS = 15;

    private final EcVerifier verifier;
    private final Clock clock;

    /** Takes signatures that the verifier finds good. */
    public Cosigning(EcVerifier verifier, Clock clock) {
        this.verifier = verifier;
        this.clock = clock;
    }

    /** What became of offered signatures. */
    public enum Verdict {
        /** They are part of what this node hands out. */
        TAKEN,
        /** This node does not keep the head of that height. */
        OTHER_HEIGHT,
        /** This node signed something else at that height. */
        OTHER_HEAD,
        /** None is of a witness of the policy. */
        NOT_A_WITNESS,
        /** A witness's signature does not hold. */
        BAD_SIGNATURE,
        /** A witness's signature is of a moment that has not come. */
        BAD_TIME,
        /** Something keeps this node from signing. */
        NOT_SIGNING
    }

    /** Takes the signatures of a checkpoint, or none of them. */
    public Verdict take(OrderedChain chain, SignedCheckpoint offered) {
        Optional<Published> kept = chain.line().published(offered.checkpoint().height());
        if (kept.isEmpty()) {
            return Verdict.OTHER_HEIGHT;
        }
        if (!kept.get().checkpoint().equals(offered.checkpoint())) {
            return Verdict.OTHER_HEAD;
        }
        return take(chain, kept.get(), offered);
    }

    private Verdict take(OrderedChain chain, Published head, SignedCheckpoint offered) {
        long latest = clock.instant().plus(SigningHand.MAX_AHEAD).getEpochSecond();
        boolean witnessed = false;
        List<CoseSign.Signature> fresh = new ArrayList<>();
        for (SignedCheckpoint.Part part : offered.parts()) {
            Optional<Policy.Witness> witness = witness(head, part);
            if (witness.isPresent()) {
                witnessed = true;
                if (!offered.verifiedBy(part, witness.get().sig(), verifier)) {
                    return Verdict.BAD_SIGNATURE;
                }
                if (part.seconds() > latest) {
                    return Verdict.BAD_TIME;
                }
                if (isNews(head, part)) {
                    fresh.add(part.signature());
                }
            }
        }
        if (!fresh.isEmpty()) {
            chain.line().cosigned(only(offered, fresh));
        }
        return witnessed ? Verdict.TAKEN : Verdict.NOT_A_WITNESS;
    }

    private static Optional<Policy.Witness> witness(Published head, SignedCheckpoint.Part part) {
        return head.state().policy().witnesses().gateways().stream()
                .filter(witness -> witness.sig().kid().equals(part.kid()))
                .findFirst();
    }

    /** Only a moment well after it replaces what is there: signatures that come again and again cost the followers nothing. */
    private static boolean isNews(Published head, SignedCheckpoint.Part part) {
        return head.signed().parts().stream()
                .noneMatch(
                        known -> known.kid().equals(part.kid()) && part.seconds() - known.seconds() < RENEWAL_SECONDS);
    }

    /** Whether any of these signatures is worth a change of what is handed out. */
    static boolean isNews(Published head, SignedCheckpoint signatures) {
        return signatures.parts().stream().anyMatch(part -> isNews(head, part));
    }

    private static SignedCheckpoint only(SignedCheckpoint offered, List<CoseSign.Signature> signatures) {
        try {
            return SignedCheckpoint.decode(new CoseSign(offered.checkpoint().encode(), signatures).encode());
        } catch (MalformedCheckpointException e) {
            throw new IllegalStateException("made of sound parts", e);
        }
    }
}
