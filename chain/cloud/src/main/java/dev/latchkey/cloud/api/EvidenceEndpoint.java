package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.chain.EvidenceDesk;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.ProofException;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes evidence against replicas. Thread-safe. It convicts by itself, whoever brings it. */
final class EvidenceEndpoint {
    /** A file of somebody whom no chain knows: genesis, a hundred policies, two checkpoints. */
    private static final int MAX_VISITOR_BYTES = 256 * 1024;

    /** Why a file that is well formed convicts nobody. */
    private static final Set<ProofException.Reason> REASONS = Set.of(
            ProofException.Reason.NO_CONTRADICTION,
            ProofException.Reason.BAD_GENESIS,
            ProofException.Reason.BAD_POLICY,
            ProofException.Reason.OTHER_CHAIN);

    private static final Answer DONE = new Answer.Whole(204, MediaTypes.CBOR, Map.of(), Bytes.EMPTY);

    private final Access access;
    private final EvidenceDesk desk;
    private final Visitors visitors;

    EvidenceEndpoint(Access access, EvidenceDesk desk, Visitors visitors) {
        this.access = access;
        this.desk = desk;
        this.visitors = visitors;
    }

    /** Whoever leads files what was posted; what a member of the cluster shows is kept where it is shown. */
    Route route(Leadership leadership) {
        Route led = leadership.ofChains(
                Route.of("POST", "/v1/chains/{c}/evidence", EvidenceFile.MAX_BYTES, this::admit, this::take));
        return new Route(
                led.method(),
                led.path(),
                led.maxBodyBytes(),
                led.gate(),
                call -> isShown(call) ? take(call) : led.endpoint().answer(call));
    }

    private void admit(Call call, long bodyBytes) {
        access.requireKey(call);
        if (!isKnown(call) && (bodyBytes < 0 || bodyBytes > MAX_VISITOR_BYTES)) {
            throw Refusal.tooLarge();
        }
    }

    private CompletionStage<Answer> take(Call call) {
        ChainId chain = Access.chainId(call.variable("c"));
        if (!desk.isConcerned(chain)) {
            throw Refusal.notFound("unknown-chain", "this node orders neither that chain nor a sibling of it");
        }
        if (isShown(call)) {
            return shown(chain, call.body());
        }
        return isKnown(call)
                ? take(chain, call.body())
                : visitors.admit(access.remote(call), () -> take(chain, call.body()));
    }

    private boolean isKnown(Call call) {
        return access.isMemberSomewhere(call) || isShown(call);
    }

    /** By a member of the cluster in its own name. */
    private boolean isShown(Call call) {
        return access.isPeer(call) && !Forwarded.is(call);
    }

    private CompletionStage<Answer> take(ChainId chain, Bytes file) {
        try {
            return desk.take(chain, file).thenApply(done -> DONE).exceptionally(fault -> {
                throw NoCheckpoint.cause(fault);
            });
        } catch (ProofException e) {
            throw refusal(e.reason());
        } catch (IOException e) {
            throw new UncheckedIOException("evidence cannot be kept", e);
        }
    }

    private CompletionStage<Answer> shown(ChainId chain, Bytes file) {
        try {
            desk.shown(chain, file);
            return CompletableFuture.completedFuture(DONE);
        } catch (ProofException e) {
            throw refusal(e.reason());
        } catch (IOException e) {
            throw new UncheckedIOException("evidence cannot be kept", e);
        }
    }

    private static Refusal refusal(ProofException.Reason reason) {
        if (reason == ProofException.Reason.MALFORMED) {
            return Refusal.badRequest("the body is not an evidence file");
        }
        ProofException.Reason named = REASONS.contains(reason) ? reason : ProofException.Reason.NO_CONTRADICTION;
        String code = named.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Refusal(422, code, "the file convicts no replica of this chain");
    }
}
