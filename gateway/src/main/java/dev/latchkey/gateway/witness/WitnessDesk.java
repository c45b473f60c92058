package dev.latchkey.gateway.witness;

import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Judges checkpoints that somebody brings; safe for use by many threads. For a served chain this gateway's own verified
 * blocks decide; for a sibling chain, which it knows by its replicas' keys only, the first one that they signed is taken
 * and each later one must prove that it continues the last.
 */
public final class WitnessDesk {
    private final Replicas replicas;
    private final Witness witness;
    private final EcVerifier verifier;
    private final Executor workers;

    public WitnessDesk(Replicas replicas, Witness witness, EcVerifier verifier, Executor workers) {
        this.replicas = replicas;
        this.witness = witness;
        this.verifier = verifier;
        this.workers = workers;
    }

    /** Judges a request; a cosignature is given only when the checkpoint is on disk. */
    public CompletableFuture<Judgement> judge(WitnessRequest request) {
        return CompletableFuture.supplyAsync(() -> judgeNow(request), workers).thenCompose(Function.identity());
    }

    private CompletableFuture<Judgement> judgeNow(WitnessRequest request) {
        ChainId chain = request.checkpoint().checkpoint().chain();
        Optional<Replica> served = replicas.of(chain);
        if (served.isPresent()) {
            return served(served.get(), request);
        }
        List<Policy.Sibling> listings = listings(chain);
        return listings.isEmpty() ? done(Judgement.refused("unknown-chain")) : sibling(listings, request);
    }

    private CompletableFuture<Judgement> served(Replica replica, WitnessRequest request) {
        Optional<ChainState> state = replica.state();
        Optional<VerifiedPolicy> policy = replica.policy();
        if (state.isEmpty() || policy.isEmpty()) {
            return done(Judgement.refused("not-ready"));
        }
        SignedCheckpoint signed = request.checkpoint();
        Checkpoint body = signed.checkpoint();
        boolean isThere = body.height() <= state.get().height();
        boolean contradicts = isThere && !replica.agrees(body);
        List<CoseKey> keys = replica.countingReplicas(policy.get());
        if (contradicts && !Quorum.signers(signed, keys, verifier).isEmpty()) {
            replica.contradicted(signed);
        }
        Optional<Instant> moment =
                Quorum.moment(signed, policy.get().policy().replicas().k(), keys, verifier);
        if (moment.isEmpty()) {
            return done(Judgement.refused("not-signed"));
        }
        if (contradicts) {
            return done(Judgement.refused("inconsistent"));
        }
        if (!isThere || witness.isAhead(body)) {
            return done(Judgement.refused("not-ready"));
        }
        if (!witness.isListed(state.get())) {
            return done(Judgement.refused("not-a-witness"));
        }
        boolean isVerified = replica.isExactly(body);
        return enter(
                request,
                moment.get(),
                last -> isVerified && isWhatWasAskedAbout(request, last)
                        ? WitnessBook.Verdict.ENTERED
                        : WitnessBook.Verdict.OTHER_HEIGHT);
    }

    private CompletableFuture<Judgement> sibling(List<Policy.Sibling> listings, WitnessRequest request) {
        Instant oldest = Instant.MAX;
        for (Policy.Sibling listing : listings) {
            Optional<Instant> moment = Quorum.moment(request.checkpoint(), listing.k(), listing.replicas(), verifier);
            if (moment.isEmpty()) {
                return done(Judgement.refused("not-signed"));
            }
            oldest = moment.get().isBefore(oldest) ? moment.get() : oldest;
        }
        if (witness.isAhead(request.checkpoint().checkpoint())) {
            return done(Judgement.refused("not-ready"));
        }
        return enter(request, oldest, last -> {
            if (!isWhatWasAskedAbout(request, last)) {
                return WitnessBook.Verdict.OTHER_HEIGHT;
            }
            return last.isEmpty() || continues(last.get().body(), request)
                    ? WitnessBook.Verdict.ENTERED
                    : WitnessBook.Verdict.INCONSISTENT;
        });
    }

    private CompletableFuture<Judgement> enter(
            WitnessRequest request, Instant moment, Function<Optional<Cosigned>, WitnessBook.Verdict> condition) {
        return witness.enter(request.checkpoint(), moment, condition)
                .thenApplyAsync(
                        answer -> switch (answer.verdict()) {
                            case ENTERED -> new Judgement.Given(witness.sign(answer));
                            case OTHER_HEIGHT -> new Judgement.Refused("other-height", height(answer.last()));
                            case INCONSISTENT -> Judgement.refused("inconsistent");
                        },
                        workers);
    }

    /** What all served chains say of a sibling: the operators of one may list keys of their own for another's chain. */
    private List<Policy.Sibling> listings(ChainId chain) {
        return replicas.all().stream()
                .flatMap(replica -> replica.state().stream())
                .flatMap(state -> state.policy().siblings().stream())
                .filter(sibling -> sibling.chain().equals(chain))
                .toList();
    }

    private static boolean isWhatWasAskedAbout(WitnessRequest request, Optional<Cosigned> last) {
        return last.isPresent()
                ? request.oldHeight().orElse(-1) == last.get().body().height()
                : request.oldHeight().isEmpty();
    }

    private static boolean continues(Checkpoint last, WitnessRequest request) {
        Checkpoint next = request.checkpoint().checkpoint();
        return next.policyNumber() >= last.policyNumber()
                && next.timeMillis() >= last.timeMillis()
                && Rfc9162.isConsistent(
                        last.height() + 1, last.historyRoot(), next.height() + 1, next.historyRoot(), request.path());
    }

    private static String height(Optional<Cosigned> last) {
        return last.map(cosigned -> Long.toString(cosigned.body().height())).orElse("none");
    }

    private static CompletableFuture<Judgement> done(Judgement judgement) {
        return CompletableFuture.completedFuture(judgement);
    }
}
