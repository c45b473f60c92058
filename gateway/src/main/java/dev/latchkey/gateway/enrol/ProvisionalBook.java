package dev.latchkey.gateway.enrol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.ProvisionalMembers;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * All joins that this gateway has taken provisionally, in memory and on disk: those that wait, and for a time those that were
 * refused. Reading is for any thread; what changes it belongs into a unit of the store.
 */
public final class ProvisionalBook implements ProvisionalMembers {
    private final Replicas replicas;
    private final Map<Digest, ProvisionalMember> byId = new ConcurrentHashMap<>();
    /** Of several that showed one key the newest. */
    private final Map<CoseKey, ProvisionalMember> byDtls = new ConcurrentHashMap<>();
    /** Those that wait, or will when they are on disk. */
    private final Map<Long, ProvisionalMember> waiting = new ConcurrentHashMap<>();
    /** Written by the store's thread only. */
    private long next = 1;

    private ProvisionalBook(Replicas replicas) {
        this.replicas = replicas;
    }

    /** Reads what is on disk. */
    public static ProvisionalBook open(Store store, Replicas replicas) {
        ProvisionalBook book = new ProvisionalBook(replicas);
        store.scan(Table.PROVISIONAL, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            ProvisionalMember member = ProvisionalMember.decode(Key.lastNumber(key), value, replicas);
            book.next = member.order() + 1;
            book.list(member);
            if (member.isWaiting()) {
                book.waiting.put(member.order(), member);
            }
            return true;
        });
        return book;
    }

    /** The join with an id, if it waits or was refused. */
    public Optional<ProvisionalMember> byId(Digest transactionId) {
        return Optional.ofNullable(byId.get(transactionId));
    }

    /** Those that wait, in the order in which they came. */
    List<ProvisionalMember> waiting() {
        return sorted(waiting.values().stream().toList(), ProvisionalMember::isWaiting);
    }

    /** How many joins wait for the cloud. */
    public int size() {
        return waiting.size();
    }

    /** Those that wait or are about to, as units of the store see them. */
    List<ProvisionalMember> drafted() {
        return List.copyOf(waiting.values());
    }

    long nextOrder() {
        return next;
    }

    /** A join that was not here before. */
    void add(Draft draft, ProvisionalMember member) {
        next = member.order() + 1;
        waiting.put(member.order(), member);
        draft.put(Table.PROVISIONAL, Key.of(member.order()), member.encodeWaiting());
        draft.onUndo(() -> waiting.remove(member.order()));
        draft.afterCommit(() -> {
            member.waits();
            list(member);
        });
    }

    /** The chain has it: it tells all there is to know. */
    void becameFinal(Draft draft, ProvisionalMember member, Optional<MemberHandle> successor) {
        draft.delete(Table.PROVISIONAL, Key.of(member.order()));
        draft.afterCommit(() -> {
            member.isFinal(successor);
            unlist(member);
        });
    }

    /**
     * The chain has refused it.
     *
     * @param maxOutcomes how many refused ones are remembered, this one included
     */
    void refused(Draft draft, ProvisionalMember member, String reason, long nowMillis, int maxOutcomes) {
        draft.put(Table.PROVISIONAL, Key.of(member.order()), member.encodeRefused(reason, nowMillis));
        draft.afterCommit(() -> {
            member.refused(reason, nowMillis);
            waiting.remove(member.order());
        });
        List<ProvisionalMember> before = outcomes();
        forget(draft, before.subList(0, Math.max(0, before.size() + 1 - maxOutcomes)));
    }

    /** Those that were refused, oldest joins first. */
    List<ProvisionalMember> outcomes() {
        return sorted(List.copyOf(byId.values()), ProvisionalMember::isRefused);
    }

    void forget(Draft draft, List<ProvisionalMember> refused) {
        for (ProvisionalMember member : refused) {
            draft.delete(Table.PROVISIONAL, Key.of(member.order()));
            draft.afterCommit(() -> unlist(member));
        }
    }

    private void list(ProvisionalMember member) {
        byId.put(member.id(), member);
        byDtls.put(member.record().keys().dtls(), member);
    }

    private void unlist(ProvisionalMember member) {
        waiting.remove(member.order());
        byId.remove(member.id(), member);
        byDtls.remove(member.record().keys().dtls(), member);
    }

    private static List<ProvisionalMember> sorted(List<ProvisionalMember> members, Predicate<ProvisionalMember> which) {
        List<ProvisionalMember> sorted = new ArrayList<>(members);
        sorted.removeIf(which.negate());
        sorted.sort(Comparator.comparingLong(ProvisionalMember::order));
        return sorted;
    }

    @Override
    public Optional<MemberHandle> byDtlsKey(CoseKey key) {
        return Optional.ofNullable(byDtls.get(key))
                .filter(member -> member.stands() || isRefusedHere(member))
                .map(ProvisionalMember::handle);
    }

    private boolean isRefusedHere(ProvisionalMember member) {
        return member.isRefused() && replicas.of(member.chain()).isPresent();
    }

    @Override
    public Optional<MemberRecord> byExchangeKid(ChainId chain, KeyId kid) {
        return standing(chain, member -> member.record().keys().kex().kid().equals(kid), ProvisionalMember::record);
    }

    @Override
    public Optional<MemberRecord> record(ChainId chain, String name) {
        return standing(chain, named(name), ProvisionalMember::record);
    }

    @Override
    public Optional<Bytes> answer(ChainId chain, String name) {
        return standing(chain, named(name), member -> member.answer().encode());
    }

    @Override
    public Optional<MemberHandle> handle(Bytes id) {
        return waiting.values().stream()
                .filter(member -> member.record().id().equals(id) && member.stands())
                .findFirst()
                .map(ProvisionalMember::handle);
    }

    private static Predicate<ProvisionalMember> named(String name) {
        return member -> member.record().name().equals(name);
    }

    private <T> Optional<T> standing(
            ChainId chain, Predicate<ProvisionalMember> which, Function<ProvisionalMember, T> part) {
        return waiting.values().stream()
                .filter(member -> member.chain().equals(chain) && which.test(member) && member.stands())
                .findFirst()
                .map(part);
    }
}
