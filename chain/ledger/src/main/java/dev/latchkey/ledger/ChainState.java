package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.cose.KeyId;
import dev.latchkey.directory.Trie;
import dev.latchkey.merkle.Frontier;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A chain after one of its blocks. Immutable and safe for use by many threads: each block makes a new state that shares
 * all unchanged nodes with the one before, so old heads stay answerable.
 */
public final class ChainState {
    private final Registers registers;
    private final long height;
    private final Header header;
    private final Bytes headerBytes;
    private final Digest blockHash;
    private final Frontier history;

    /** The registers belong to this state from now on; nobody changes them any more. */
    ChainState(Registers registers, long height, Header header, Bytes headerBytes, Frontier history) {
        this.registers = registers;
        this.height = height;
        this.header = header;
        this.headerBytes = headerBytes;
        this.blockHash = Digest.sha256(headerBytes);
        this.history = history;
    }

    public ChainId chainId() {
        return registers.chain();
    }

    /** The network's name. */
    public String network() {
        return registers.network();
    }

    /** The sub-network's name. */
    public String chainName() {
        return registers.chainName();
    }

    /** The policy in force after this block. */
    public Policy policy() {
        return registers.policy();
    }

    /** Genesis, and every policy and evidence transaction, encoded, in order: the walk from the chain id to today's keys. */
    public List<Bytes> policyTransactions() {
        return registers.policyTransactions();
    }

    public long height() {
        return height;
    }

    /** The header of the block at {@link #height}. */
    public Header header() {
        return header;
    }

    public Bytes headerBytes() {
        return headerBytes;
    }

    public Digest blockHash() {
        return blockHash;
    }

    /** What there is to sign about this state. */
    public Checkpoint checkpoint() {
        return new Checkpoint(
                chainId(), height, blockHash, historyRoot(), directoryRoot(), policy().number(), header.timeMillis());
    }

    /** Root of the directory after this block. */
    public Digest directoryRoot() {
        return directory().root();
    }

    /** Root of the history over headers 0 to {@link #height}. */
    public Digest historyRoot() {
        return history.root();
    }

    /** The directory itself, for proofs. */
    public Trie directory() {
        return registers.directory();
    }

    /** The record of a name, whatever its state. */
    public Optional<MemberRecord> member(String name) {
        return registers.member(name);
    }

    /** The record of the member who once registered a key with this kid, for whatever purpose. */
    public Optional<MemberRecord> registrant(KeyId kid) {
        return registrantName(kid).flatMap(this::member);
    }

    /** The name of the member who once registered a key with this kid, for whatever purpose; costs a look-up. */
    public Optional<String> registrantName(KeyId kid) {
        return registers.owner(kid).filter(owner -> !owner.equals(Draft.POLICY_OWNER));
    }

    /** Where a transaction stands, if it was applied. */
    public Optional<TransactionLocation> applied(Digest transactionId) {
        return registers.applied(transactionId);
    }

    /** Kids of replica keys that evidence has struck; their signatures no longer count. */
    public Set<KeyId> struck() {
        return registers.struck();
    }

    /** Number of names with a record, in whatever state. */
    public long memberCount() {
        return registers.memberCount();
    }

    /** Number of transactions that were ever applied, without seals. */
    public long transactionCount() {
        return registers.appliedIds().size();
    }

    /** Shows every record, in no particular order. */
    public void forEachMember(Consumer<MemberRecord> consumer) {
        directory().forEach((path, value) -> {
            if (MemberRecord.looksLikeRecord(value)) {
                consumer.accept(Registers.ownRecord(value));
            }
        });
    }

    Frontier history() {
        return history;
    }

    Registers registers() {
        return registers;
    }
}
