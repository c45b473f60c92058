package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.ProvisionalAnswer;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What a gateway tells about one chain, taken at its word ({@link Verification#DELEGATED}): records from {@code /k}, the
 * block to bind a session to from {@code /h}, a sender's block from {@code /b?p=1}, without looking at proof or signature.
 * Used from the device's lane.
 *
 * <p>What goes back behind something that was told or proved before is noticed. The gateway then has to prove what it
 * says, once: so that a contradiction leaves evidence, and a number that was made up does not stand for ever.
 */
final class ToldFacts implements ChainFacts {
    private static final String UNKNOWN_NAME = "unknown-name";

    private final ChainView view;
    private final ChainLink link;
    private final KeyCache keys;
    private final ToldHead head;
    private final Means means;

    ToldFacts(ChainView view, ToldHead head, KeyCache keys, Means means) {
        this.view = view;
        this.link = view.link();
        this.head = head;
        this.keys = keys;
        this.means = means;
    }

    @Override
    public CompletableFuture<MemberKey> key(String name, Duration maxAge) {
        Optional<MemberKey> kept = keys.any(name);
        if (kept.isPresent() && KeyCache.isWithin(kept.get(), maxAge, now())) {
            return CompletableFuture.completedFuture(kept.get());
        }
        return orProve(
                asked(name)
                        .exceptionallyComposeAsync(
                                failure -> unlessBehind(name, Failures.cause(failure)), means.lane()),
                () -> view.key(name, Duration.ZERO).thenRunAsync(() -> keys.forgetTold(name), means.lane()));
    }

    /**
     * Another gateway may only be behind: then the block that wrote the record that was seen is waited for, as long as the
     * settings' patience. Made up or not, it is the proof that counts after that.
     */
    private CompletableFuture<MemberKey> unlessBehind(String name, Throwable failure) {
        Optional<MemberKey> seen = keys.any(name);
        if (!isDeceived(failure) || seen.isEmpty()) {
            return CompletableFuture.failedFuture(failure);
        }
        long height = seen.get().record().height();
        return view.checkpoint(0, Duration.ZERO)
                .thenComposeAsync(
                        under -> under.checkpoint().height() >= height
                                ? CompletableFuture.<MemberKey>failedFuture(failure)
                                : view.checkpoint(height, Duration.ZERO)
                                        .handleAsync((reached, late) -> late == null, means.lane())
                                        .thenComposeAsync(
                                                reached -> reached
                                                        ? asked(name)
                                                        : CompletableFuture.<MemberKey>failedFuture(failure),
                                                means.lane()),
                        means.lane());
    }

    private CompletableFuture<MemberKey> asked(String name) {
        return link.toldKey(name)
                .handleAsync((answer, failure) -> Failures.wrapped(() -> told(name, answer, failure)), means.lane());
    }

    private MemberKey told(String name, Bytes answer, Throwable failure) throws Exception {
        if (failure != null && !isUnknown(failure)) {
            throw Failures.asDeviceException(failure);
        }
        Instant asked = now();
        if (failure == null && ProvisionalAnswer.looksLikeOne(answer)) {
            return provisional(name, answer, asked);
        }
        Optional<MemberRecord> record = failure == null ? Optional.of(record(name, answer)) : Optional.empty();
        keys.take(name, record, asked);
        return new ToldKey(
                view.chain(),
                record.orElseThrow(() -> new DeviceException(
                        DeviceException.Kind.UNKNOWN_MEMBER, "nobody of that name, as the gateway says")),
                asked);
    }

    /** Not kept: the chain may refuse it, and what it has in its place is another record. */
    private MemberKey provisional(String name, Bytes encoded, Instant asked) throws IOException, DeviceException {
        try {
            ProvisionalAnswer answer = ProvisionalAnswer.decode(encoded);
            if (!answer.receipt().chain().equals(view.chain())
                    || !answer.receipt().name().equals(name)) {
                throw new DeviceException(DeviceException.Kind.UNPROVED, "the join of another member");
            }
            keys.take(name, Optional.empty(), asked);
            return new ToldKey(view.chain(), answer.record(), asked, true);
        } catch (MalformedMessageException e) {
            throw Failures.unproved("not a member's join", e);
        }
    }

    private static boolean isUnknown(Throwable failure) {
        return Failures.cause(failure) instanceof DeviceException refused
                && refused.problemCode().equals(Optional.of(UNKNOWN_NAME));
    }

    /** What was told and cannot be so has to be proved; that fails, or leaves the proof in the place of what was told. */
    private <T> CompletableFuture<T> orProve(CompletableFuture<T> told, Supplier<CompletableFuture<?>> proof) {
        return told.exceptionallyCompose(failure -> {
            return isDeceived(failure)
                    ? proof.get().thenCompose(proved -> CompletableFuture.failedFuture(Failures.cause(failure)))
                    : CompletableFuture.failedFuture(Failures.cause(failure));
        });
    }

    private static boolean isDeceived(Throwable failure) {
        return Failures.cause(failure) instanceof DeviceException thrown
                && thrown.kind() == DeviceException.Kind.DECEIVED;
    }

    @Override
    public CompletableFuture<ChainContext> context(Duration maxAge) {
        return newest(maxAge)
                .thenApplyAsync(
                        told -> new ChainContext(view.chain(), view.chainName(), told.height(), told.blockHash()),
                        means.lane());
    }

    private CompletableFuture<Checkpoint> newest(Duration maxAge) {
        return orProve(
                head.newest(maxAge)
                        .exceptionallyComposeAsync(failure -> unlessMadeUp(Failures.cause(failure)), means.lane()),
                () -> view.policy()
                        .thenComposeAsync(
                                policy -> {
                                    Failures.wrapped(() -> {
                                        head.standBy(policy);
                                        return policy;
                                    });
                                    return view.checkpoint(0, Duration.ZERO);
                                },
                                means.lane())
                        .thenRunAsync(head::forget, means.lane()));
    }

    /** What was waited for in vain may never have been: a head that no replica signed is not waited for again. */
    private CompletableFuture<Checkpoint> unlessMadeUp(Throwable failure) {
        boolean late = failure instanceof DeviceException thrown && thrown.kind() == DeviceException.Kind.UNREACHABLE;
        return late
                ? view.policy()
                        .thenApplyAsync(
                                policy -> Failures.wrapped(() -> {
                                    if (head.isMadeUp(policy)) {
                                        head.forget();
                                        throw KeyCache.deceived();
                                    }
                                    throw (DeviceException) failure;
                                }),
                                means.lane())
                : CompletableFuture.failedFuture(failure);
    }

    @Override
    public ChainContext context(KnownBlock block) {
        return view.context(block);
    }

    @Override
    public CompletableFuture<KnownBlock> block(long height) {
        return link.toldHeader(height)
                .thenApplyAsync(answer -> Failures.wrapped(() -> block(height, answer)), means.lane());
    }

    private static KnownBlock block(long height, Bytes answer) throws DeviceException {
        try {
            Bytes header =
                    Cbor.decode(answer, HeaderProof.MAX_BYTES).asArray(2).get(0).asBytes();
            return new KnownBlock(
                    height, Digest.sha256(header), Header.decode(header).timeMillis());
        } catch (MalformedCborException | MalformedBlockException e) {
            throw Failures.unproved("not a header", e);
        }
    }

    /** Asked for each session anew: what is at hand may be from before the height that the session is bound to. */
    @Override
    public CompletableFuture<MemberKey> sender(String name, long height) {
        return key(name, Duration.ZERO);
    }

    @Override
    public CompletableFuture<List<MemberRecord>> records(String name) {
        return link.toldHistory(name)
                .thenApplyAsync(answer -> Failures.wrapped(() -> records(name, answer)), means.lane());
    }

    private static List<MemberRecord> records(String name, Bytes answer) throws DeviceException {
        try {
            List<MemberRecord> records = new ArrayList<>();
            for (Item item :
                    Cbor.decode(answer, KeyHistory.MAX_BYTES).asArray(2).get(0).asArray(1, KeyHistory.MAX_RECORDS)) {
                records.add(record(name, item.asBytes()));
            }
            MemberRecord first = records.get(records.size() - 1);
            if (first.sequence() == 1 && first.previous().isEmpty()) {
                records.add(beforeTheChain(first));
            }
            return records;
        } catch (MalformedCborException e) {
            throw Failures.unproved("not a member's records", e);
        }
    }

    /** It may have been a provisional member, with the keys that it joined with. */
    private static MemberRecord beforeTheChain(MemberRecord first) {
        return new MemberRecord(
                first.name(),
                first.id(),
                first.sequence(),
                first.state(),
                first.role(),
                first.keys(),
                0,
                first.previous(),
                first.nextKey());
    }

    private static MemberRecord record(String name, Bytes encoded) throws DeviceException {
        try {
            MemberRecord record = MemberRecord.decode(encoded);
            if (!record.name().equals(name)) {
                throw new DeviceException(DeviceException.Kind.UNPROVED, "the record of another member");
            }
            return record;
        } catch (MalformedTransactionException e) {
            throw Failures.unproved("not a member's record", e);
        }
    }

    /** As the policy said that was proved when the device joined. */
    @Override
    public CompletableFuture<Duration> retention() {
        return view.policy()
                .thenApplyAsync(
                        policy -> Duration.ofHours(policy.policy().limits().retentionHours()), means.lane());
    }

    @Override
    public CompletableFuture<Void> nextCheckpoint() {
        return view.nextCheckpoint();
    }

    private Instant now() {
        return means.settings().clock().instant();
    }
}
