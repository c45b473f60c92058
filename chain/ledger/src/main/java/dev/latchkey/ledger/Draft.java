package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.PendingRecovery;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Voucher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The next state while a block's transactions are applied to it one by one. For one thread; never leaves the package. */
final class Draft {
    /** Owner of keys that belong to the policy and to no member; no member can have this name. */
    static final String POLICY_OWNER = Policy.DIRECTORY_NAME;

    private final Registers registers;
    private final Policy inForce;
    private final long height;
    private final Digest parent;
    private final long timeMillis;
    private final List<Bytes> transactions = new ArrayList<>();
    private final List<MemberRecord> changed = new ArrayList<>();
    /** Active members found by their sig key: an admin whose vouchers fill a block is read from the directory once. */
    private final Map<KeyId, MemberRecord> signers = new HashMap<>();

    private long size;

    /** The draft of the block after a state. */
    Draft(ChainState parent, long timeMillis) {
        this.registers = parent.registers().copy();
        this.inForce = parent.policy();
        this.height = parent.height() + 1;
        this.parent = parent.blockHash();
        this.timeMillis = timeMillis;
        RecoveryRules.finishDue(this);
    }

    /** The draft of block 0. */
    Draft(ChainId chain, String network, String chainName, Policy policy, long timeMillis) {
        this.registers = new Registers(chain, network, chainName, policy);
        this.inForce = policy;
        this.height = 0;
        this.parent = Digest.ZERO;
        this.timeMillis = timeMillis;
    }

    /** The state as it is now. Whoever keeps it must not use the draft any more. */
    Registers registers() {
        return registers;
    }

    ChainId chain() {
        return registers.chain();
    }

    /** The policy that the block itself obeys: the one in force after its parent. */
    Policy inForce() {
        return inForce;
    }

    /** The policy in force after the transactions taken so far. */
    Policy policy() {
        return registers.policy();
    }

    long height() {
        return height;
    }

    /** Hash of the block before, zero for block 0. */
    Digest parent() {
        return parent;
    }

    long timeMillis() {
        return timeMillis;
    }

    /** The directory's root after the transactions taken so far. */
    Digest directoryRoot() {
        return registers.directory().root();
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
        return registers.member(name);
    }

    void putMember(MemberRecord record) {
        registers.putMember(record);
        changed.add(record);
        signers.values().removeIf(signer -> signer.name().equals(record.name()));
    }

    /** The active member whose current sig key has this kid. */
    Optional<MemberRecord> activeSigner(KeyId kid) {
        if (!signers.containsKey(kid)) {
            registers
                    .owner(kid)
                    .flatMap(registers::member)
                    .filter(record ->
                            record.isActive() && record.keys().sig().kid().equals(kid))
                    .ifPresent(record -> signers.put(kid, record));
        }
        return Optional.ofNullable(signers.get(kid));
    }

    boolean isRegistered(CoseKey key) {
        return owner(key).isPresent();
    }

    /** Whose key this is: a member's name, {@link #POLICY_OWNER}, or nobody's. */
    Optional<String> owner(CoseKey key) {
        return registers.owner(key.kid());
    }

    /** Registers a key for ever; who brings it again is refused. */
    void register(CoseKey key, String owner) {
        registers.register(key.kid(), owner);
    }

    Optional<TransactionLocation> applied(Digest transactionId) {
        return registers.applied(transactionId);
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
        registers.putApplied(id, location);
        return location;
    }

    /** Whether the member has made as many transactions of its own in this hour of header time as it may. */
    boolean hasDoneEnough(MemberRecord member) {
        return registers.ownTransactions(member, timeMillis)
                >= policy().limits().transactionsPerHour();
    }

    void countOwnTransaction(MemberRecord member) {
        registers.countOwnTransaction(member, timeMillis);
    }

    long uses(Voucher voucher) {
        return registers.uses(voucher);
    }

    void countUse(Voucher voucher) {
        registers.countUse(voucher);
    }

    /** The recovery by operators that is due before or at this block's time, and whose it is. */
    Optional<String> dueRecovery() {
        return registers.dueRecoveries().stream()
                .limit(1)
                .filter(due -> due.dueMillis() <= timeMillis)
                .map(DueRecovery::member)
                .findFirst();
    }

    /** What waits for a member. */
    Optional<PendingRecovery> pendingRecovery(String name) {
        return registers.pendingRecovery(name);
    }

    void putRecovery(String name, PendingRecovery recovery) {
        registers.putRecovery(name, recovery);
    }

    /** Ends what waits for a member, if anything does. */
    void endRecovery(String name) {
        pendingRecovery(name).ifPresent(waits -> registers.endRecovery(name, waits));
    }

    /** Puts a policy in force and keeps the transaction that brought it. */
    void putPolicy(Policy next, Bytes transaction) {
        registers.putPolicy(next, transaction);
    }

    /** Whether a sibling has revoked the member with this id while it was on its way here. */
    boolean isTombstoned(Bytes memberId) {
        return registers.tombstones().contains(memberId);
    }

    void putTombstone(Bytes memberId) {
        registers.putTombstone(memberId);
    }

    /** Replica keys that evidence has struck. */
    Set<KeyId> struck() {
        return registers.struck();
    }

    void strike(List<KeyId> kids, Bytes transaction) {
        registers.strike(kids, transaction);
    }
}
