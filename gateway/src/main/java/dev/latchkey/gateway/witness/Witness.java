package dev.latchkey.gateway.witness;

import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.Signer;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Cosigns checkpoints with the gateway's sig key; safe for use by many threads. The moment in a cosignature is the oldest
 * of the k replica times that were checked, never this machine's time.
 */
public final class Witness {
    /** How far a header may be ahead of this machine's clock. */
    static final Duration MOST_AHEAD = Duration.ofSeconds(60);

    private final Signer sig;
    private final WitnessBook book;
    private final Clock clock;
    private final Map<ChainId, Cosigned> signed = new ConcurrentHashMap<>();

    /**
     * Makes a witness.
     *
     * @param sig the gateway's sig key
     */
    public Witness(Signer sig, Store store, Clock clock) {
        this.sig = sig;
        this.book = new WitnessBook(store);
        this.clock = clock;
    }

    /**
     * A copy of the store has taken its place, which does not know what was cosigned since it was made. From then on only
     * checkpoints are cosigned whose headers were made later than anything that can have been cosigned before: on a
     * history that the replicas kept to that is a greater height than all of them. Before a witness is made.
     */
    public static void restored(Draft draft, Clock clock) {
        WitnessBook.restored(draft, clock.millis());
    }

    /** Whether the policy in force lists this gateway, by the name of an active gateway and by this very key. */
    public boolean isListed(ChainState state) {
        CoseKey own = sig.publicKey();
        return state.policy().witnesses().gateways().stream()
                .filter(witness -> witness.sig().equals(own))
                .map(Policy.Witness::name)
                .flatMap(name -> state.member(name).stream())
                .anyMatch(record -> isGateway(record, own));
    }

    /**
     * Cosigns a checkpoint that this gateway's replica has verified in full.
     *
     * @return this gateway's one cosignature; empty if it gave the same one already, if it must not, or if the header is
     *     too far ahead of the clock
     */
    CompletableFuture<Optional<SignedCheckpoint>> cosign(VerifiedCheckpoint verified) {
        Checkpoint body = verified.checkpoint();
        Cosigned before = signed.get(body.chain());
        long seconds = verified.signedAt().getEpochSecond();
        if (isAhead(body) || before != null && before.body().equals(body) && before.seconds() >= seconds) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return enter(verified.signed(), verified.signedAt(), last -> WitnessBook.Verdict.ENTERED)
                .thenApply(answer -> {
                    if (answer.verdict() != WitnessBook.Verdict.ENTERED) {
                        return Optional.empty();
                    }
                    signed.put(body.chain(), answer.last().orElseThrow());
                    return Optional.of(sign(answer));
                });
    }

    CompletableFuture<WitnessBook.Answer> enter(
            SignedCheckpoint checkpoint, Instant moment, Function<Optional<Cosigned>, WitnessBook.Verdict> condition) {
        return book.enter(checkpoint, moment.getEpochSecond(), condition);
    }

    /** Signs what is on disk. */
    SignedCheckpoint sign(WitnessBook.Answer entered) {
        Cosigned row = entered.last().orElseThrow();
        return SignedCheckpoint.sign(row.body(), sig, Instant.ofEpochSecond(row.seconds()));
    }

    /** What was cosigned last for a chain, as the replicas had signed it. */
    Optional<SignedCheckpoint> last(ChainId chain) {
        return book.last(chain).map(Cosigned::checkpoint);
    }

    boolean isAhead(Checkpoint body) {
        return body.timeMillis() > clock.millis() + MOST_AHEAD.toMillis();
    }

    private static boolean isGateway(MemberRecord record, CoseKey sig) {
        return record.isActive()
                && record.role() == Role.GATEWAY
                && record.keys().sig().equals(sig);
    }
}
