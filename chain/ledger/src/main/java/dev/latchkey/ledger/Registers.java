package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.KeyId;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.PackedMap;
import dev.latchkey.directory.Trie;
import dev.latchkey.directory.Words;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.PendingRecovery;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Voucher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All that a chain remembers between two blocks, each part a function of the blocks so far. A {@link ChainState} holds
 * one that nobody changes any more; a {@link Draft} changes its own copy. A copy costs nothing: every part is shared
 * until it is replaced. For one thread while it changes.
 */
final class Registers {
    private static final int MAX_COUNT_BYTES = 24;

    private final ChainId chain;
    private final String network;
    private final String chainName;
    private Policy policy;
    private List<Bytes> policyTransactions = List.of();
    private Trie directory = Trie.EMPTY;
    private PackedMap<String> registeredKeys = PackedMap.withNotes(1);
    private PackedMap<Void> appliedIds = PackedMap.empty(Words.PER_HASH, 1);
    private HourlyCounts hourlyCounts = HourlyCounts.NONE;
    private SortedSet<DueRecovery> dueRecoveries = new TreeSet<>();
    private Set<Bytes> tombstones = Set.of();
    private Set<KeyId> struck = Set.of();
    private long memberCount;

    /** The registers of a chain that has no block yet. */
    Registers(ChainId chain, String network, String chainName, Policy policy) {
        this.chain = chain;
        this.network = network;
        this.chainName = chainName;
        this.policy = policy;
    }

    /** A copy to be changed. */
    Registers copy() {
        Registers copy = new Registers(chain, network, chainName, policy);
        copy.policyTransactions = policyTransactions;
        copy.directory = directory;
        copy.registeredKeys = registeredKeys;
        copy.appliedIds = appliedIds;
        copy.hourlyCounts = hourlyCounts;
        copy.dueRecoveries = dueRecoveries;
        copy.tombstones = tombstones;
        copy.struck = struck;
        copy.memberCount = memberCount;
        return copy;
    }

    ChainId chain() {
        return chain;
    }

    String network() {
        return network;
    }

    String chainName() {
        return chainName;
    }

    /** The policy in force after the transactions taken so far. */
    Policy policy() {
        return policy;
    }

    /** Genesis, and every policy and evidence transaction, in order: what a light verifier walks. */
    List<Bytes> policyTransactions() {
        return policyTransactions;
    }

    Trie directory() {
        return directory;
    }

    /** Number of names with a record. */
    long memberCount() {
        return memberCount;
    }

    /** The record of a name, whatever its state. */
    Optional<MemberRecord> member(String name) {
        return directory
                .get(path(name))
                .filter(MemberRecord::looksLikeRecord) // the policy owns keys too, and is nobody
                .map(Registers::ownRecord);
    }

    void putMember(MemberRecord record) {
        Digest path = path(record.name());
        if (directory.get(path).isEmpty()) {
            memberCount++;
        }
        directory = directory.put(path, record.encode());
    }

    /** Whose key this is: a member's name, {@link Draft#POLICY_OWNER}, or nobody's. */
    Optional<String> owner(KeyId kid) {
        return registeredKeys.note(Words.of(kid.value()));
    }

    /** Registers a key for ever; who brings it again is refused. */
    void register(KeyId kid, String owner) {
        registeredKeys = registeredKeys.put(owner, Words.of(kid.value()));
    }

    /** Where a transaction stands, if it was applied. */
    Optional<TransactionLocation> applied(Digest transactionId) {
        return appliedIds.value(Words.of(transactionId.bytes())).map(value -> TransactionLocation.unpack(value[0]));
    }

    void putApplied(Digest transactionId, TransactionLocation location) {
        long[] id = Words.of(transactionId.bytes());
        appliedIds = appliedIds.put(id[0], id[1], id[2], id[3], location.pack());
    }

    /** Own transactions of a member in the hour of a header time. */
    long ownTransactions(MemberRecord member, long timeMillis) {
        return hourlyCounts.of(member.id(), timeMillis);
    }

    void countOwnTransaction(MemberRecord member, long timeMillis) {
        hourlyCounts = hourlyCounts.plusOne(member.id(), timeMillis);
    }

    long uses(Voucher voucher) {
        return directory
                .get(path(voucher.directoryName()))
                .map(Registers::ownCount)
                .orElse(0L);
    }

    void countUse(Voucher voucher) {
        Bytes uses = Cbor.encode(Cbor.array(Cbor.uint(uses(voucher) + 1)));
        directory = directory.put(path(voucher.directoryName()), uses);
    }

    /** Recoveries by operators that wait, the next one due first. */
    SortedSet<DueRecovery> dueRecoveries() {
        return dueRecoveries;
    }

    /** What waits for a member. */
    Optional<PendingRecovery> pendingRecovery(String name) {
        return directory.get(path(PendingRecovery.directoryName(name))).flatMap(Registers::ownRecovery);
    }

    void putRecovery(String name, PendingRecovery recovery) {
        directory = directory.put(path(PendingRecovery.directoryName(name)), recovery.encode());
        dueRecoveries = new TreeSet<>(dueRecoveries);
        dueRecoveries.add(new DueRecovery(recovery.dueMillis(), name));
    }

    void endRecovery(String name, PendingRecovery recovery) {
        directory = directory.put(path(PendingRecovery.directoryName(name)), PendingRecovery.NONE);
        dueRecoveries = new TreeSet<>(dueRecoveries);
        dueRecoveries.remove(new DueRecovery(recovery.dueMillis(), name));
    }

    /** Puts a policy in force and keeps the transaction that brought it. */
    void putPolicy(Policy next, Bytes transaction) {
        policy = next;
        directory = directory.put(path(Policy.DIRECTORY_NAME), policy.encode());
        walkOver(transaction);
    }

    /** Ids of members that a sibling revoked while they were on their way here. */
    Set<Bytes> tombstones() {
        return tombstones;
    }

    void putTombstone(Bytes memberId) {
        Set<Bytes> more = new HashSet<>(tombstones);
        more.add(memberId);
        tombstones = Set.copyOf(more);
    }

    /** Replica keys that evidence has struck: their signatures no longer count. */
    Set<KeyId> struck() {
        return struck;
    }

    /** Strikes keys and keeps the evidence. */
    void strike(List<KeyId> kids, Bytes transaction) {
        strikeOnly(kids);
        walkOver(transaction);
    }

    PackedMap<String> registeredKeys() {
        return registeredKeys;
    }

    PackedMap<Void> appliedIds() {
        return appliedIds;
    }

    HourlyCounts hourlyCounts() {
        return hourlyCounts;
    }

    /** Takes values of a stored directory. */
    void restoreDirectory(List<Digest> paths, List<Bytes> values) {
        directory = directory.putNew(paths, values);
        memberCount += values.stream().filter(MemberRecord::looksLikeRecord).count();
    }

    /** Takes stored keys and whose they are. */
    void restoreKeys(long[] kids, String[] owners) {
        registeredKeys = registeredKeys.putAll(kids, owners);
    }

    /** Takes stored transaction ids, each with its location. */
    void restoreApplied(long[] rows) {
        appliedIds = appliedIds.putAll(rows, new Object[0]);
    }

    /** Takes the stored counts of an hour. */
    void restoreCounts(long hour, long[] rows) {
        hourlyCounts = hourlyCounts.restored(hour, rows);
    }

    void restoreDueRecovery(DueRecovery due) {
        dueRecoveries.add(due);
    }

    void restoreStruck(KeyId kid) {
        strikeOnly(List.of(kid));
    }

    /** Takes the next transaction of the policy walk; the policy itself stands in the directory. */
    void restoreWalk(Bytes transaction) {
        walkOver(transaction);
    }

    /** Puts the policy in force that the directory holds. */
    void restorePolicy() throws MalformedTransactionException {
        Optional<Bytes> stored = directory.get(path(Policy.DIRECTORY_NAME));
        if (stored.isEmpty()) {
            throw new MalformedTransactionException("the directory holds no policy");
        }
        policy = Policy.decode(stored.get());
    }

    private void strikeOnly(List<KeyId> kids) {
        Set<KeyId> more = new HashSet<>(struck);
        more.addAll(kids);
        struck = Set.copyOf(more);
    }

    private void walkOver(Bytes transaction) {
        List<Bytes> longer = new ArrayList<>(policyTransactions);
        longer.add(transaction);
        policyTransactions = List.copyOf(longer);
    }

    private Digest path(String name) {
        return DirectoryPath.of(chain.digest(), name);
    }

    static MemberRecord ownRecord(Bytes value) {
        try {
            return MemberRecord.decode(value);
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("the ledger wrote this record itself", e);
        }
    }

    private static Optional<PendingRecovery> ownRecovery(Bytes value) {
        try {
            return PendingRecovery.decode(value);
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("the ledger wrote this recovery itself", e);
        }
    }

    private static long ownCount(Bytes value) {
        try {
            return Cbor.decode(value, MAX_COUNT_BYTES).asArray(1).get(0).asUint();
        } catch (MalformedCborException e) {
            throw new IllegalStateException("the ledger wrote this count itself", e);
        }
    }
}
