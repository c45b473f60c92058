package dev.latchkey.gateway.enrol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.intake.LocalSessions;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.uplink.TransactionForwarder;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Brings provisional joins to their end: submits them in their order when the cloud is back, and settles each as the verified
 * chain says. {@link #tick} is called from time to time, by any thread; it does not block.
 */
public final class ProvisionalQueue {
    /** Answers of the cloud that are no verdict on the join. */
    private static final Set<String> PASSING =
            Set.of("block-full", "stale-work", "not-ready", "overloaded", "too-many", "cloud-away");

    private final ProvisionalBook book;
    private final Replicas replicas;
    private final Store store;
    private final LocalSessions local;
    private final Predicate<ChainId> cloudIsUp;
    private final Function<ChainId, TransactionForwarder> forwarders;
    private final Clock clock;
    private final ProvisionalBounds bounds;
    private final Duration retry;
    private final ProvisionalListener listener;
    private final AtomicBoolean running = new AtomicBoolean();
    /** Until when nothing is submitted about a chain, by {@link System#nanoTime}; an hour ahead while it is asked. */
    private final Map<ChainId, Long> notBefore = new ConcurrentHashMap<>();
    /** Joins that the cloud has taken, and whose block has not come. */
    private final Set<Long> taken = ConcurrentHashMap.newKeySet();

    /**
     * Makes the queue.
     *
     * @param cloudIsUp whether the cloud answers about a served chain
     * @param forwarders whom to hand transactions of a served chain to
     * @param retry wait after a submission that failed
     */
    public ProvisionalQueue(
            ProvisionalBook book,
            Replicas replicas,
            Store store,
            LocalSessions local,
            Predicate<ChainId> cloudIsUp,
            Function<ChainId, TransactionForwarder> forwarders,
            Clock clock,
            ProvisionalBounds bounds,
            Duration retry,
            ProvisionalListener listener) {
        this.book = book;
        this.replicas = replicas;
        this.store = store;
        this.local = local;
        this.cloudIsUp = cloudIsUp;
        this.forwarders = forwarders;
        this.clock = clock;
        this.bounds = bounds;
        this.retry = retry;
        this.listener = listener;
    }

    /** Settles what the chain has decided, and submits the rest if the cloud is there. */
    public void tick() {
        if (book.size() == 0 || !running.compareAndSet(false, true)) {
            return;
        }
        try {
            List<ProvisionalMember> open = new ArrayList<>();
            for (ProvisionalMember member : book.waiting()) {
                Optional<Replica> replica = replicas.of(member.chain());
                if (replica.isPresent() && !settled(member, replica.get())) {
                    open.add(member);
                }
            }
            for (Replica replica : replicas.all()) {
                submit(replica, open);
            }
        } finally {
            running.set(false);
        }
    }

    /** Forgets refused joins that are past their retention. */
    public CompletableFuture<Void> sweep() {
        long oldest = clock.millis() - bounds.outcomeRetention().toMillis();
        return store.submit(draft -> {
            book.forget(
                    draft,
                    book.outcomes().stream()
                            .filter(member -> member.refusedMillis() < oldest)
                            .toList());
            return null;
        });
    }

    /** Whether the verified chain, or time, has decided; the join is final with the checkpoint that proves it. */
    private boolean settled(ProvisionalMember member, Replica replica) {
        boolean proved = replica.heads()
                .newest()
                .filter(head -> head.state().applied(member.id()).isPresent())
                .isPresent();
        if (proved) {
            finish(member, replica);
            return true;
        }
        Optional<MemberRecord> record = replica.members().byName(member.record().name());
        if (record.isPresent()) {
            if (!record.get().id().equals(member.record().id())) {
                refuse(member, "name-taken");
            }
            return true;
        }
        if (member.taken().plus(bounds.life()).isBefore(clock.instant())) {
            refuse(member, "provisional-expired");
            return true;
        }
        return false;
    }

    private void submit(Replica replica, List<ProvisionalMember> open) {
        ChainId chain = replica.chain();
        List<ProvisionalMember> due = open.stream()
                .filter(member -> member.chain().equals(chain) && !taken.contains(member.order()))
                .toList();
        long now = System.nanoTime();
        boolean rests = notBefore.getOrDefault(chain, now) - now > 0;
        if (due.isEmpty() || rests || !cloudIsUp.test(chain)) {
            return;
        }
        notBefore.put(chain, now + Duration.ofHours(1).toNanos());
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (ProvisionalMember member : due) {
            answers.add(forwarders
                    .apply(chain)
                    .submit(member.answer().join().encode())
                    .handle((answer, failure) -> failure == null && answered(member, answer)));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).thenRun(() -> {
            boolean all = answers.stream().allMatch(CompletableFuture::join);
            notBefore.put(chain, System.nanoTime() + (all ? 0 : retry.toNanos()));
        });
    }

    /** Whether the cloud has decided. */
    private boolean answered(ProvisionalMember member, TransactionAnswer answer) {
        if (answer instanceof TransactionAnswer.Accepted accepted) {
            boolean ours = accepted.transactionId().equals(member.id());
            if (ours) {
                taken.add(member.order());
            }
            return ours;
        }
        String code = ((TransactionAnswer.Rejected) answer).code();
        if (PASSING.contains(code)) {
            return false;
        }
        refuse(member, code);
        return true;
    }

    private void finish(ProvisionalMember member, Replica replica) {
        Optional<MemberHandle> successor =
                replica.members().byDtlsKey(member.record().keys().dtls());
        store.submit(draft -> {
            if (member.isWaiting()) {
                local.forget(draft, member.record().id());
                book.becameFinal(draft, member, successor);
                draft.afterCommit(() -> settled(member));
            }
            return null;
        });
    }

    private void refuse(ProvisionalMember member, String code) {
        store.submit(draft -> {
            if (member.isWaiting()) {
                List<Bytes> told = local.giveBack(draft, member.record().id(), code, clock.millis());
                book.refused(draft, member, code, clock.millis(), bounds.outcomes());
                draft.afterCommit(() -> {
                    settled(member);
                    listener.arrived(told);
                });
            }
            return null;
        });
    }

    private void settled(ProvisionalMember member) {
        taken.remove(member.order());
        listener.settled(member.id(), member.handle());
    }
}
