package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.Trie;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.PendingRecovery;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Voucher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The next state while a block's transactions are applied to it one by one. For one thread; never leaves the package. */
final class Draft {
    /** Owner of keys that belong to the policy and to no member; no member can have this name. */
    static final String POLICY_OWNER = Policy.DIRECTORY_NAME;

    private static final Bytes KID_DOMAIN = Bytes.utf8("latchkey/1/kid");
    private static final Bytes HOUR_DOMAIN = Bytes.utf8("latchkey/1/hour");
    private static final long HOUR_MILLIS = 3_600_000;
    private static final int MAX_COUNT_BYTES = 24;

    private final ChainId chain;
    private final String network;
    private final String chainName;
    private final Policy inForce;
    private final long height;
    private final long timeMillis;
    private final List<Bytes> transactions = new ArrayList<>();
    private final List<MemberRecord> changed = new ArrayList<>();
    private final List<Bytes> policyTransactions;
    private Policy policy;
    private Trie directory;
    private Trie registeredKeys;
    private Trie appliedIds;
    private Trie hourlyCounts;
    private final SortedSet<DueRecovery> dueRecoveries;
    private long memberCount;
    private long size;

    /** The draft of the block after a state. */
    Draft(ChainState parent, long timeMillis) {
        this.chain = parent.chainId();
        this.network = parent.network();
        this.chainName = parent.chainName();
        this.inForce = parent.policy();
        this.policy = parent.policy();
        this.policyTransactions = new ArrayList<>(parent.policyTransactions());
        this.height = parent.height() + 1;
        this.timeMillis = timeMillis;
        this.directory = parent.directory();
        this.registeredKeys = parent.registeredKeys();
        this.appliedIds = parent.appliedIds();
        this.hourlyCounts = parent.hourlyCounts();
        this.dueRecoveries = new TreeSet<>(parent.dueRecoveries());
        this.memberCount = parent.memberCount();
        RecoveryRules.finishDue(this);
    }

    /** The draft of block 0. */
    Draft(ChainId chain, String network, String chainName, Policy policy, long timeMillis) {
        this.chain = chain;
        this.network = network;
        this.chainName = chainName;
        this.inForce = policy;
        this.policy = policy;
        this.policyTransactions = new ArrayList<>();
        this.height = 0;
        this.timeMillis = timeMillis;
        this.directory = Trie.EMPTY;
        this.registeredKeys = Trie.EMPTY;
        this.appliedIds = Trie.EMPTY;
        this.hourlyCounts = Trie.EMPTY;
        this.dueRecoveries = new TreeSet<>();
    }

    static Digest keyPath(KeyId kid) {
        return Digest.sha256(KID_DOMAIN, kid.value());
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

    /** The policy that the block itself obeys: the one in force after its parent. */
    Policy inForce() {
        return inForce;
    }

    /** The policy in force after the transactions taken so far. */
    Policy policy() {
        return policy;
    }

    /** Genesis and every policy transaction, in order. */
    List<Bytes> policyTransactions() {
        return policyTransactions;
    }

    long height() {
        return height;
    }

    long timeMillis() {
        return timeMillis;
    }

    Trie directory() {
        return directory;
    }

    Trie registeredKeys() {
        return registeredKeys;
    }

    Trie appliedIds() {
        return appliedIds;
    }

    Trie hourlyCounts() {
        return hourlyCounts;
    }

    /** Recoveries by operators that wait, the next one due first. */
    SortedSet<DueRecovery> dueRecoveries() {
        return dueRecoveries;
    }

    /** What waits for a member. */
    Optional<PendingRecovery> pendingRecovery(String name) {
        return directory
                .get(DirectoryPath.of(chain.digest(), PendingRecovery.directoryName(name)))
                .flatMap(Draft::ownRecovery);
    }

    void putRecovery(String name, PendingRecovery recovery) {
        directory =
                directory.put(DirectoryPath.of(chain.digest(), PendingRecovery.directoryName(name)), recovery.encode());
        dueRecoveries.add(new DueRecovery(recovery.dueMillis(), name));
    }

    void endRecovery(String name, PendingRecovery recovery) {
        directory = directory.put(
                DirectoryPath.of(chain.digest(), PendingRecovery.directoryName(name)), PendingRecovery.NONE);
        dueRecoveries.remove(new DueRecovery(recovery.dueMillis(), name));
    }

    long memberCount() {
        return memberCount;
    }

    /** The transactions taken so far, without the seal. */
    List<Bytes> transactions() {
        return transactions;
    }

    /** The records written so far, in order. */
    List<MemberRecord> changed() {
        return changed;
    }

    Optional<MemberRecord> member(String name) {
        return directory.get(DirectoryPath.of(chain.digest(), name)).map(Draft::ownRecord);
    }

    /** The active member whose current sig key has this kid. */
    Optional<MemberRecord> activeSigner(KeyId kid) {
        return registeredKeys
                .get(keyPath(kid))
                .flatMap(name -> member(name.toUtf8()))
                .filter(record -> record.isActive() && record.keys().sig().kid().equals(kid));
    }

    boolean isRegistered(CoseKey key) {
        return registeredKeys.get(keyPath(key.kid())).isPresent();
    }

    Optional<TransactionLocation> applied(Digest transactionId) {
        return appliedIds.get(transactionId).map(TransactionLocation::decode);
    }

    long uses(Voucher voucher) {
        return directory
                .get(DirectoryPath.of(chain.digest(), voucher.directoryName()))
                .map(Draft::ownCount)
                .orElse(0L);
    }

    /** Whether one more transaction of this length fits the block. */
    boolean hasRoomFor(Bytes transaction) {
        return transactions.size() < Block.MAX_TRANSACTIONS
                && size + transaction.size() + Header.MAX_BYTES <= Block.MAX_TRANSACTION_BYTES;
    }

    /** Takes a transaction into the block. */
    TransactionLocation take(Bytes transaction, Digest id) {
        transactions.add(transaction);
        size += transaction.size();
        TransactionLocation location = new TransactionLocation(height, transactions.size());
        appliedIds = appliedIds.put(id, location.encode());
        return location;
    }

    void putMember(MemberRecord record, boolean first) {
        directory = directory.put(DirectoryPath.of(chain.digest(), record.name()), record.encode());
        changed.add(record);
        if (first) {
            memberCount++;
        }
    }

    /** Whose key this is: a member's name, {@link #POLICY_OWNER}, or nobody's. */
    Optional<String> owner(CoseKey key) {
        return registeredKeys.get(keyPath(key.kid())).map(Bytes::toUtf8);
    }

    /** Own transactions of a member in this hour of header time so far. */
    long ownTransactionsThisHour(MemberRecord member) {
        return hourlyCounts
                .get(hourPath(member))
                .map(Draft::ownPair)
                .filter(pair -> pair[0] == timeMillis / HOUR_MILLIS)
                .map(pair -> pair[1])
                .orElse(0L);
    }

    void countOwnTransaction(MemberRecord member) {
        Bytes value = Cbor.encode(
                Cbor.array(Cbor.uint(timeMillis / HOUR_MILLIS), Cbor.uint(ownTransactionsThisHour(member) + 1)));
        hourlyCounts = hourlyCounts.put(hourPath(member), value);
    }

    private static Digest hourPath(MemberRecord member) {
        return Digest.sha256(HOUR_DOMAIN, member.id());
    }

    /** Puts a policy in force and keeps the transaction that brought it. */
    void putPolicy(Policy next, Bytes transaction) {
        policy = next;
        policyTransactions.add(transaction);
        directory = directory.put(DirectoryPath.of(chain.digest(), Policy.DIRECTORY_NAME), policy.encode());
    }

    void countUse(Voucher voucher) {
        Bytes uses = Cbor.encode(Cbor.array(Cbor.uint(uses(voucher) + 1)));
        directory = directory.put(DirectoryPath.of(chain.digest(), voucher.directoryName()), uses);
    }

    /** Registers a key for ever; who brings it again is refused. */
    void register(CoseKey key, String owner) {
        registeredKeys = registeredKeys.put(keyPath(key.kid()), Bytes.utf8(owner));
    }

    private static MemberRecord ownRecord(Bytes value) {
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

    private static long[] ownPair(Bytes value) {
        try {
            List<Item> parts = Cbor.decode(value, MAX_COUNT_BYTES).asArray(2);
            return new long[] {parts.get(0).asUint(), parts.get(1).asUint()};
        } catch (MalformedCborException e) {
            throw new IllegalStateException("the ledger wrote this count itself", e);
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
