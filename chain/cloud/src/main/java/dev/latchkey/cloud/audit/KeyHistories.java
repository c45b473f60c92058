package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Digest;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Checks that each member's records form one chain: every one points to the one before by hash, counts one further (more
 * after a stay in another chain), and keeps the member's id, and the last one is what the directory holds. The first
 * record of a member that came from another chain points back into that one. For one thread.
 */
final class KeyHistories {
    private record Last(Digest hash, MemberRecord record) {}

    private final Map<String, Last> members = new HashMap<>();
    private long records;

    /** How many records there were. */
    long records() {
        return records;
    }

    /** Takes the records that a block wrote. */
    void take(VerifiedBlock block) throws AuditFault {
        for (MemberRecord record : block.changed()) {
            Last before = members.put(record.name(), new Last(record.hash(), record));
            if (!follows(record, before) || record.height() != block.height()) {
                throw new AuditFault(block.height(), "key-history: " + record.name());
            }
            records++;
        }
    }

    private static boolean follows(MemberRecord record, Last before) {
        if (before == null) {
            boolean joined = record.sequence() == 1 && record.previous().isEmpty();
            boolean arrived = record.sequence() > 1 && record.previous().isPresent() && record.isActive();
            return joined || arrived;
        }
        return follows(record.sequence(), before.record())
                && record.previous().equals(Optional.of(before.hash()))
                && record.id().equals(before.record().id());
    }

    /** A member that was in another chain in between has counted on there. */
    private static boolean follows(long sequence, MemberRecord before) {
        boolean away = before.state() instanceof MemberState.Moving || before.state() instanceof MemberState.Moved;
        return away ? sequence > before.sequence() : sequence == before.sequence() + 1;
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
