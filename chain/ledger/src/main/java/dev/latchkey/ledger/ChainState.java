package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.cose.KeyId;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.Trie;
import dev.latchkey.merkle.Frontier;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A chain after one of its blocks. Immutable and safe for use by many threads: each block makes a new state that shares
 * all unchanged nodes with the one before, so old heads stay answerable.
 */
public final class ChainState {
    private final ChainId chain;
    private final String network;
    private final String chainName;
    private final Policy policy;
    private final long height;
    private final Header header;
    private final Bytes headerBytes;
    private final Digest blockHash;
    private final Frontier history;
    private final Trie directory;
    private final Trie registeredKeys;
    private final Trie appliedIds;
    private final Trie hourlyCounts;
    private final List<Bytes> policyTransactions;
    private final List<DueRecovery> dueRecoveries;
    private final long memberCount;

    ChainState(Draft draft, long height, Header header, Bytes headerBytes, Frontier history) {
        this.chain = draft.chain();
        this.network = draft.network();
        this.chainName = draft.chainName();
        this.policy = draft.policy();
        this.height = height;
        this.header = header;
        this.headerBytes = headerBytes;
        this.blockHash = Digest.sha256(headerBytes);
        this.history = history;
        this.directory = draft.directory();
        this.registeredKeys = draft.registeredKeys();
        this.appliedIds = draft.appliedIds();
        this.hourlyCounts = draft.hourlyCounts();
        this.policyTransactions = List.copyOf(draft.policyTransactions());
        this.dueRecoveries = List.copyOf(draft.dueRecoveries());
        this.memberCount = draft.memberCount();
    }

    public ChainId chainId() {
        return chain;
    }

    /** The network's name. */
    public String network() {
        return network;
    }

    /** The sub-network's name. */
    public String chainName() {
        return chainName;
    }

    /** The policy in force after this block. */
    public Policy policy() {
        return policy;
    }

    /** Genesis and every policy transaction, encoded, in order: the walk from the chain id to today's keys. */
    public List<Bytes> policyTransactions() {
        return policyTransactions;
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
                chain, height, blockHash, historyRoot(), directoryRoot(), policy.number(), header.timeMillis());
    }

    /** Root of the directory after this block. */
    public Digest directoryRoot() {
        return directory.root();
    }

    /** Root of the history over headers 0 to {@link #height}. */
    public Digest historyRoot() {
        return history.root();
    }

    /** The directory itself, for proofs. */
    public Trie directory() {
        return directory;
    }

    /** The record of a name, whatever its state. */
    public Optional<MemberRecord> member(String name) {
        return directory.get(DirectoryPath.of(chain.digest(), name)).map(ChainState::ownRecord);
    }

    /** The record of the member who once registered a key with this kid, for whatever purpose. */
    public Optional<MemberRecord> registrant(KeyId kid) {
        return registeredKeys.get(Draft.keyPath(kid)).flatMap(name -> member(name.toUtf8()));
    }

    /** Where a transaction stands, if it was applied. */
    public Optional<TransactionLocation> applied(Digest transactionId) {
        return appliedIds.get(transactionId).map(TransactionLocation::decode);
    }

    /** Number of names with a record, in whatever state. */
    public long memberCount() {
        return memberCount;
    }

    /** Shows every record, in no particular order. */
    public void forEachMember(Consumer<MemberRecord> consumer) {
        directory.forEach((path, value) -> {
            if (MemberRecord.looksLikeRecord(value)) {
                consumer.accept(ownRecord(value));
            }
        });
    }

    Frontier history() {
        return history;
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

    List<DueRecovery> dueRecoveries() {
        return dueRecoveries;
    }

    private static MemberRecord ownRecord(Bytes value) {
        try {
            return MemberRecord.decode(value);
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("the ledger wrote this record itself", e);
        }
    }
}
