package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.SignedTransaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks that each member's records form one chain: every one points to the one before by hash, counts one further, and
 * keeps the member's id, and the last one is what the directory holds. A record of who arrives from another chain counts
 * on from the record there. For one thread.
 */
final class KeyHistories {
    private record Last(Digest hash, MemberRecord record) {}

    private record Arrival(String name, long sequence) {}

    private final Map<String, Last> members = new HashMap<>();
    private final Map<Arrival, MemberRecord> arrivals = new HashMap<>(); // of one block: the records there
    private long records;

    /** How many records there were. */
    long records() {
        return records;
    }

    /** Takes the records that a block wrote. */
    void take(VerifiedBlock block, List<SignedTransaction> transactions) throws AuditFault {
        arrivals.clear();
        for (SignedTransaction transaction : transactions) {
            if (transaction.transaction() instanceof RelocateIn in) {
                arrivals.put(new Arrival(in.name(), in.sequence()), there(block, in));
            }
        }
        for (MemberRecord record : block.changed()) {
            Last before = members.put(record.name(), new Last(record.hash(), record));
            if (!follows(record, before) || record.height() != block.height()) {
                throw new AuditFault(block.height(), "key-history: " + record.name());
            }
            records++;
        }
    }

    private static MemberRecord there(VerifiedBlock block, RelocateIn in) throws AuditFault {
        try {
            Bytes record = DirectoryAnswer.decode(in.carried().answer()).value().orElseThrow();
            return MemberRecord.decode(record);
        } catch (MalformedCborException | MalformedTransactionException e) {
            throw new AuditFault(block.height(), "key-history: " + in.name(), e);
        }
    }

    private boolean follows(MemberRecord record, Last before) {
        MemberRecord there = arrivals.get(new Arrival(record.name(), record.sequence()));
        if (there != null) {
            return record.sequence() == there.sequence() + 1
                    && record.id().equals(there.id())
                    && record.previous().equals(Optional.of(before == null ? there.hash() : before.hash()))
                    && (before == null
                            || before.record().id().equals(there.id())
                                    && before.record().sequence() < there.sequence());
        }
        if (before == null) {
            return record.sequence() == 1 && record.previous().isEmpty();
        }
        return record.sequence() == before.record().sequence() + 1
                && record.previous().equals(Optional.of(before.hash()))
                && record.id().equals(before.record().id());
    }

    /** Compares the ends of all histories with the directory. */
    void requireEndsIn(ChainState state) throws AuditFault {
        if (state.memberCount() != members.size()) {
            throw new AuditFault(state.height(), "key-history: the directory has other members");
        }
        for (Last last : members.values()) {
            if (!state.member(last.record().name()).equals(Optional.of(last.record()))) {
                throw new AuditFault(
                        state.height(), "key-history: " + last.record().name());
            }
        }
    }
}
