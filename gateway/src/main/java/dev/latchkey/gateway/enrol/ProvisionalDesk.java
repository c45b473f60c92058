package dev.latchkey.gateway.enrol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.Signer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.protocol.ProvisionalAnswer;
import dev.latchkey.protocol.ProvisionalReceipt;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes joins while the cloud is away, if the settings say so; safe for use by many threads, blocks none. */
public final class ProvisionalDesk {
    private static final int MAX_USES_BYTES = 16;

    private final ProvisionalBook book;
    private final Replicas replicas;
    private final Store store;
    private final Signer sig;
    private final Clock clock;
    private final ProvisionalBounds bounds;

    /**
     * Makes a desk.
     *
     * @param sig the gateway's signing key
     */
    public ProvisionalDesk(
            ProvisionalBook book, Replicas replicas, Store store, Signer sig, Clock clock, ProvisionalBounds bounds) {
        this.book = book;
        this.replicas = replicas;
        this.store = store;
        this.sig = sig;
        this.clock = clock;
        this.bounds = bounds;
    }

    /** What the gateway says to a join. */
    public sealed interface Verdict {
        /** It is on disk. */
        record Taken(Bytes receipt) implements Verdict {}

        /** It is not taken, and would not be later: a code. */
        record Refused(String code) implements Verdict {}

        /** Not here, not now: the device waits for the cloud. */
        record NotHere() implements Verdict {}
    }

    /** The joins that were taken. */
    public ProvisionalBook book() {
        return book;
    }

    /** Takes a join that was checked in full against the replica's newest state. */
    public CompletionStage<Verdict> take(Replica replica, SignedTransaction signed) {
        boolean mayBe = bounds.allowed()
                && signed.transaction() instanceof Join join
                && join.voucher().isPresent();
        if (!mayBe) {
            return CompletableFuture.completedFuture(new Verdict.NotHere());
        }
        return store.submit(draft -> take(draft, replica, signed, (Join) signed.transaction()));
    }

    private Verdict take(Draft draft, Replica replica, SignedTransaction signed, Join join) {
        Digest id = signed.id(replica.chain());
        Optional<ProvisionalMember> known = book.byId(id);
        Optional<String> refusedBefore = known.flatMap(ProvisionalMember::reason);
        if (refusedBefore.isPresent()) {
            return new Verdict.Refused(refusedBefore.get());
        }
        Optional<Bytes> givenBefore = known.flatMap(ProvisionalMember::receipt);
        if (givenBefore.isPresent()) {
            return new Verdict.Taken(givenBefore.get());
        }
        if (replicas.record(replica.chain(), join.name()).isPresent()) {
            // Also one that left, or came meanwhile: only the chain can tell whether this is the same.
            return new Verdict.NotHere();
        }
        List<ProvisionalMember> others = book.drafted();
        for (ProvisionalMember other : others) {
            boolean here = other.chain().equals(replica.chain());
            if (here && other.record().name().equals(join.name())) {
                return new Verdict.Refused("name-taken");
            }
            if (sharesKey(other.record().keys(), join.keys())) {
                return new Verdict.Refused("key-reused");
            }
        }
        Voucher voucher = join.voucher().orElseThrow();
        long uses = others.stream()
                .filter(other -> other.voucher().id().equals(voucher.id()))
                .count();
        if (uses(replica, voucher) + uses >= voucher.uses()) {
            return new Verdict.Refused("voucher-used-up");
        }
        if (others.size() >= bounds.joins()) {
            return new Verdict.NotHere();
        }
        ProvisionalReceipt receipt = ProvisionalReceipt.issue(replica.chain(), id, join.name(), clock.instant(), sig);
        book.add(draft, new ProvisionalMember(book.nextOrder(), new ProvisionalAnswer(signed, receipt), replicas));
        return new Verdict.Taken(receipt.encode());
    }

    private static boolean sharesKey(MemberKeys one, MemberKeys other) {
        List<CoseKey> keys = List.of(one.sig(), one.kex(), one.dtls());
        return keys.contains(other.sig()) || keys.contains(other.kex()) || keys.contains(other.dtls());
    }

    /** How often the chain has seen the voucher used. */
    private static long uses(Replica replica, Voucher voucher) {
        Optional<Bytes> count = replica.state()
                .map(ChainState::directory)
                .flatMap(directory ->
                        directory.get(DirectoryPath.of(replica.chain().digest(), voucher.directoryName())));
        try {
            return count.isEmpty()
                    ? 0
                    : Cbor.decode(count.get(), MAX_USES_BYTES).asArray(1).get(0).asUint();
        } catch (MalformedCborException e) {
            throw new IllegalStateException("this replica wrote it itself", e);
        }
    }
}
